import os
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.serve import kind_of, locate


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"/", "index.html"),
        (b"/gesundheit.atom", "gesundheit.atom"),
        (b"/gesundheit/12.json", "gesundheit/12.json"),
        (b"/gesundheit%2Eatom", "gesundheit.atom"),
        (b"/media/0f/Bericht%20M%C3%A4rz.pdf", "media/0f/Bericht März.pdf"),
        (b"/media/0f/a%25b.pdf", "media/0f/a%b.pdf"),  # decoded once, not twice
        (b"/media/0f/a..b.pdf", "media/0f/a..b.pdf"),
    ],
)
def test_a_path_names_a_file(raw: bytes, path: str) -> None:
    assert locate(raw) == path


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"gesundheit.atom",
        b"*",
        b"//gesundheit.atom",
        b"/gesundheit/",
        b"/gesundheit//1.atom",
        b"/./index.html",
        b"/../secret.html",
        b"/gesundheit/../index.html",
        b"/%2e%2e/secret.html",
        b"/.%2E/secret.html",
        b"/..%2fsecret.html",
        b"/gesundheit%2F1.atom",
        b"/..\\secret.html",
        b"/..%5csecret.html",
        b"/.lock",
        b"/%2elock",
        b"/.hidden/index.html",
        b"/index.html%00.atom",
        b"/index%0a.html",
        b"/index%ff.html",
        b"/" + b"a" * 1100 + b".html",
    ],
)
def test_a_path_names_nothing(raw: bytes) -> None:
    assert locate(raw) is None


_HOSTILE = st.lists(
    st.sampled_from(
        [b"/", b"..", b".", b"%2e", b"%2E", b"%2f", b"%5c", b"\\", b"%00", b"a", b"%", b"%c0%ae", b"~", b";"]
    ),
    max_size=12,
).map(b"".join)


@given(st.one_of(_HOSTILE, st.binary(max_size=40)))
def test_no_path_gets_outside_the_folder(raw: bytes) -> None:
    path = locate(b"/" + raw)
    if path is not None:
        root = Path("/srv/feeds")
        assert Path(os.path.normpath(root / path)) == root / path
        assert root in (root / path).parents
        assert not any(part.startswith(".") for part in path.split("/"))


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="/\\"), min_size=1, max_size=40))
def test_each_plain_name_is_found_again(name: str) -> None:
    raw = quote(f"/media/0f/x{name}", safe="/").encode()
    assert locate(raw) == f"media/0f/x{name}"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("all.atom", "application/atom+xml; charset=utf-8"),
        ("all.rss", "application/rss+xml; charset=utf-8"),
        ("all/3.json", "application/feed+json"),
        ("topics.opml", "text/x-opml; charset=utf-8"),
        ("releases/abc.html", "text/html; charset=utf-8"),
        ("releases/abc.ninjs.json", "application/json"),
        ("all.ninjs.json", "application/json"),
        ("style.css", "text/css; charset=utf-8"),
        ("media/0f/Foto.JPG", "image/jpeg"),
        ("media/0f/plan.pdf", "application/pdf"),
        ("media/0f/karte.tiff", "image/tiff"),
        ("media/0f/rede.opus", "audio/ogg"),
        ("media/0f/tabelle.csv", "text/csv; charset=utf-8"),
        ("media/0f/data.json", "application/octet-stream"),  # no feed of ours
        ("media/0f/page.html", "application/octet-stream"),
        ("media/0f/noextension", "application/octet-stream"),
    ],
)
def test_the_name_gives_the_media_type(path: str, media_type: str) -> None:
    kind = kind_of(path)
    assert kind is not None
    assert kind.media_type == media_type


@pytest.mark.parametrize("path", ["syndicate.db", "all.atom.tmp", "releases", "x.php", "all.atom~"])
def test_what_we_do_not_publish_has_no_kind(path: str) -> None:
    assert kind_of(path) is None
