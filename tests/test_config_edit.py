"""config.toml, changed as a person would: what is not meant stays byte for byte."""

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.config import edit as config_file
from syndicate.config import load, read
from syndicate.errors import ConfigError

TEMPLATE = Path(__file__).parents[1] / "src" / "syndicate" / "cli" / "templates" / "config.toml"
NEW = config_file.Entry({"id": "neu", "url": "https://amt.example/feed"}, "Amt für Wald")
WRITTEN = '# Amt für Wald\n[[source]]\nid = "neu"\nurl = "https://amt.example/feed"\n'

A = '[[source]]\nid = "a"\npath = "a"\n'
B = '[[source]]\nid = "b"\nurl = "https://b.example/" # [[source]]\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", WRITTEN),
        ("# nur das\n", f"# nur das\n\n{WRITTEN}"),
        ("[site]\ntitle = 'x'", f"[site]\ntitle = 'x'\n\n{WRITTEN}"),
        (A, f"{A}\n{WRITTEN}"),
        (f"{A}\n\n[[topic]]\ntitle = 'T'\n", f"{A}\n{WRITTEN}\n\n[[topic]]\ntitle = 'T'\n"),
        (
            f"{A}# dazu\n\n# zum Thema\n[[topic]]\ntitle = 'T'\n",
            f"{A}# dazu\n\n{WRITTEN}\n# zum Thema\n[[topic]]\ntitle = 'T'\n",
        ),
        (
            f"{A}[source.select]\ntitle = 'h1'\n\n#[[source]]\n#id = 'x'\n",
            f"{A}[source.select]\ntitle = 'h1'\n\n{WRITTEN}\n#[[source]]\n#id = 'x'\n",
        ),
        (
            "[site]\ntitle = '''\n[[source]]\nid = \"x\"\n'''\n",
            f"[site]\ntitle = '''\n[[source]]\nid = \"x\"\n'''\n\n{WRITTEN}",
        ),
        (A.replace("\n", "\r\n"), f"{A}\n{WRITTEN}".replace("\n", "\r\n")),
    ],
)
def test_a_source_is_written_behind_the_others(before: str, after: str) -> None:
    assert config_file.added(before, [NEW]) == after
    assert tomllib.loads(after)["source"][-1] == {"id": "neu", "url": "https://amt.example/feed"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (A, ""),
        (f"# Wald\n{A}\n{B}", f"{B}"),
        (f"# oben\n\n# Wald\n# und Flur\n{A}# noch a\n\n# zu b\n{B}", f"# oben\n\n# zu b\n{B}"),
        (f"{B}\n{A}", B),
        (f"{B}#interval = '1h'\n{A}", f"{B}#interval = '1h'\n"),
        (f"{B}# über a\n{A}", B),
        (f"{A}select = {{ title = 'h1',\n  body = 'p' }}\n\n{B}".replace(",\n ", ","), B),
        (f'{A}topics = [\n  "x", # ]\n  "[[source]]",\n]\n\n{B}', B),
        (f"{A}[source.headers]\nX-Key = '# kein Kommentar'\n\n[site]\ntitle = 'x'\n", "[site]\ntitle = 'x'\n"),
        (f'{A}\n#[[source]]\n#id = "weg"\n\n[serve]\nport = 1\n', '\n#[[source]]\n#id = "weg"\n\n[serve]\nport = 1\n'),
        (f"{A}\n{B}".replace("\n", "\r\n"), B.replace("\n", "\r\n")),
    ],
)
def test_a_source_goes_with_its_comments(before: str, after: str) -> None:
    assert config_file.removed(before, "a").lstrip("\r\n") == after.lstrip("\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (B, 'there is no source "a" in it'),
        ('source = [{ id = "a", path = "a" }]\n', "not written as"),
        (f"{A}\n[[topic]]\ntitle = 'T'\n\n[source.select]\ntitle = 'h1'\n", "only a person can change"),
    ],
)
def test_what_cannot_be_taken_out_safely_is_not(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        config_file.removed(text, "a")


def test_an_inline_list_is_left_to_a_person() -> None:
    with pytest.raises(ValueError, match="only a person can change"):
        config_file.added('source = [{ id = "a", path = "a" }]\n', [NEW])


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)
COMMENTS = st.lists(NAMES.map(lambda text: f"# {text.replace('=', '').replace('[', '')}\n"), max_size=2).map("".join)
TABLES = st.tuples(COMMENTS, st.sampled_from(["[[topic]]", "[[source]]"]), st.lists(NAMES, max_size=3))


def written(tables: list[tuple[str, str, list[str]]]) -> str:
    blocks = []
    for n, (comment, header, names) in enumerate(tables):
        values = ", ".join('"' + "".join(f"\\U{ord(c):08x}" for c in name) + '"' for name in names)
        blocks.append(f'{comment}{header}\nid = "t{n}"\nlist = [{values}]\n')
    return "\n".join(blocks)


@given(st.lists(TABLES, max_size=5), NAMES, st.lists(NAMES, max_size=3))
def test_adding_and_taking_out_again_changes_no_byte(
    tables: list[tuple[str, str, list[str]]], name: str, topics: list[str]
) -> None:
    text = written(tables)
    more = config_file.added(
        text, [config_file.Entry({"id": "neu", "url": f"https://x.example/{name}", "topics": topics}, name)]
    )
    assert tomllib.loads(more)["source"][-1] == {"id": "neu", "url": f"https://x.example/{name}", "topics": topics}
    assert config_file.removed(more, "neu") == text


@pytest.mark.parametrize("title", ["0=", "a.b = c", "[[source]]", "[Amt]"])
def test_a_title_that_looks_like_a_key_goes_with_its_source(title: str) -> None:
    more = config_file.added("", [config_file.Entry({"id": "neu", "url": "https://x.example/"}, title)])
    assert title in more
    assert config_file.removed(more, "neu") == ""


def test_what_init_writes_can_be_added_to_and_is_the_same_afterwards() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    more = config_file.added(text, [NEW])
    assert f'path = "releases"\n\n{WRITTEN}\n#[[source]]' in more
    assert config_file.removed(more, "neu") == text


# --- the file ---------------------------------------------------------------------------------------------------------


def test_the_file_keeps_its_mode_and_a_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "config.toml"
    real.write_bytes(b"\xef\xbb\xbf" + A.encode())
    real.chmod(0o640)
    link.symlink_to(real.name)
    config_file.add_sources(link, [NEW], read)
    assert link.is_symlink()
    assert real.stat().st_mode & 0o7777 == 0o640
    assert real.read_bytes() == b"\xef\xbb\xbf" + f"{A}\n{WRITTEN}".encode()
    assert [source.id for source in load(link).sources] == ["a", "neu"]
    config_file.remove_source(link, "neu", read)
    assert real.read_bytes() == b"\xef\xbb\xbf" + A.encode()
    assert sorted(os.listdir(tmp_path)) == ["config.toml", "real.toml"]


@pytest.mark.parametrize(
    "entry", [config_file.Entry({"id": "a", "url": "https://x.example/"}), config_file.Entry({"id": "x", "url": "nix"})]
)
def test_what_could_not_be_loaded_is_not_written(entry: config_file.Entry, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(A)
    with pytest.raises(ConfigError, match=r"config\.toml: source\[1\]"):
        config_file.add_sources(path, [entry], read)
    assert path.read_text() == A
    assert os.listdir(tmp_path) == ["config.toml"]


def test_a_change_by_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(A)
    with pytest.raises(ConfigError, match="changed by somebody else"):
        config_file.add_sources(path, [NEW], lambda text, _: path.write_text(B))
    assert path.read_text() == B


def test_a_crash_while_writing_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    path.write_text(A)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="cannot be written: No space left on device"):
        config_file.add_sources(path, [NEW], read)
    assert path.read_text() == A
    assert os.listdir(tmp_path) == ["config.toml"]


# --- secrets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "[[source]]\nheaders = 'Bearer geheim'\n",
        "[[source]]\nheaders = { Authorization = ['geheim'] }\n",
        "[[source]]\nheaders = { 'a b' = 'geheim' }\n",
        "[source]\nid = 'x'\nheaders = { Authorization = 'geheim' }\n",
        "source = ['geheim', { headers = { a = 'geheim' } }]\n".replace("'geheim', {", "{"),
        "[[source]]\nurl = 'ftp://x.example/?token=geheim'\n",
        "[[source]]\nurl = 'ftp://x.example/?a=1&api_key=geheim&b=2'\n",
        "[[source]]\nurl = 'ftp://leser:geheim@x.example/'\n",
        "[[source]]\nurl = 'https://leser:ge/geheim?geheim@x.example/'\n",
        "[[source]]\nurl = ['https://leser:geheim@x.example/']\n",
    ],
)
def test_a_fault_never_shows_a_secret(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        read(text, tmp_path / "config.toml")
    assert "geheim" not in str(error.value)
    assert "source" in str(error.value)
