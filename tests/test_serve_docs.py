"""The nginx example serves what our server serves: a difference fails here."""

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import pytest

from syndicate.mediatypes import KINDS
from syndicate.serve import PUBLISHED, Kind, kind_of
from test_serve_files import KEPT

PASSIVE = {suffix.removeprefix(".") for suffix, kind in KINDS.items() if not kind.active}
SHORT = {suffix for suffix in PUBLISHED if "." not in suffix}
LONG = {*PUBLISHED} - SHORT  # `ninjs.json`: nginx goes by what is behind the last dot, so these have a location
GUIDE = (Path(__file__).resolve().parents[1] / "docs" / "serving.md").read_text(encoding="utf-8")


def types(block: str) -> dict[str, str]:
    rows = re.findall(r"^\s*(\S+/\S+)\s+([a-z0-9 ]+);", block, re.MULTILINE)
    return {extension: media_type for media_type, extensions in rows for extension in extensions.split()}


@pytest.mark.parametrize(("number", "folder", "extensions"), [(0, "", SHORT), (1, "media/0f/", PASSIVE)])
def test_the_media_types_are_ours(number: int, folder: str, extensions: set[str]) -> None:
    shown = types(re.findall(r"types \{(.*?)\}", GUIDE, re.DOTALL)[number])
    ours = {extension: kind for extension in extensions if (kind := kind_of(f"{folder}x.{extension}"))}
    assert shown == {extension: kind.media_type.partition(";")[0] for extension, kind in ours.items()}


def test_what_has_two_suffixes_has_a_location() -> None:
    found = re.findall(r"location ~ (\S+)\$ \{[^{}]*?types \{(.*?)\}", GUIDE, re.DOTALL)
    shown = {where.replace("\\", "").removeprefix("."): types(block) for where, block in found}
    for suffix in LONG:
        kind = kind_of(f"x.{suffix}")
        assert kind
        assert shown[suffix] == {suffix.rpartition(".")[2]: kind.media_type.partition(";")[0]}


def every_kind() -> list[Kind]:
    paths = [f"x.{suffix}" for suffix in PUBLISHED] + [f"media/0f/x.{suffix}" for suffix in PASSIVE]
    return [kind for path in paths if (kind := kind_of(path))]


def bare(kinds: Iterable[Kind]) -> set[str]:
    return {kind.media_type.partition(";")[0] for kind in kinds}


def test_what_names_its_charset_is_ours() -> None:
    named = re.findall(r"charset_types (.*?);", GUIDE, re.DOTALL)[0].split()
    ours = bare(kind for kind in every_kind() if kind.media_type.endswith("; charset=utf-8"))
    assert {*named, "text/html"} == ours  # nginx always names that of text/html


def test_what_is_compressed_and_open_to_scripts_is_ours() -> None:
    compressed = re.findall(r"gzip_types (.*?);", GUIDE, re.DOTALL)[0].split()
    ours = bare(kind for kind in every_kind() if kind.compress)
    assert {*compressed, "text/html"} == ours  # nginx always compresses text/html
    opened = re.findall(r"~\\\.\((.*)\)\$ +\"\*\"", GUIDE)[0].split("|")
    assert {*opened} == {extension for extension in SHORT if PUBLISHED[extension].always}
    assert all(extension.rpartition(".")[2] in opened for extension in LONG if PUBLISHED[extension].always)


def test_the_headers_of_media_are_ours() -> None:
    kind = kind_of("media/0f/plan.pdf")
    assert kind is not None
    for value in dict(kind.whole).values():
        assert f'"{value.decode()}"' in GUIDE
    pictures = re.findall(r"~\*\^/media/\.\*\\\.\((.*)\)\$", GUIDE)[0].split("|")
    assert {*pictures} == {suffix.removeprefix(".") for suffix, kind in KINDS.items() if kind.shown}


def test_a_plain_server_lets_nothing_be_kept_for_longer() -> None:
    block = re.findall(r"map \"\$status \$uri\" \$feeds_cache \{(.*?)\n\}", GUIDE, re.DOTALL)[0]
    rows = re.findall(r"^\s*(?:\"~(.*?)\"|(default))\s+\"(.*?)\";", block, re.MULTILINE)

    def kept(status: int, path: str) -> str:
        return next(
            value for pattern, default, value in rows if default or re.search(pattern, f"{status} {quote(path)}")
        )

    for path, ours in KEPT:
        assert int(kept(200, f"/{path}").removeprefix("max-age=")) <= int(ours.removeprefix("max-age=")), path
        assert kept(304, f"/{path}") == kept(200, f"/{path}")
        assert kept(404, f"/{path}") == "no-store"
    assert kept(200, "/media/0f/foto.jpg") == "max-age=300"
