"""What is published of hostile markup and addresses holds nothing active; and the scanner that says so can see."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hostile import addresses, jsoncases, make, markup, pagecases, values, xmlcases
from hostile.case import MEDIA_TYPE, SUFFIX, Kind
from hostile.check import expect_sound
from hostile.scan import active
from hostile.world import HostileWorld, Run, ask, workers
from servers import Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with workers() as started:
        yield started


@pytest.fixture
def world(tmp_path: Path, server: Server, run: Run) -> Iterator[HostileWorld]:
    opened = HostileWorld(tmp_path, server, run=run)
    ask(opened, opened.neighbour, seconds=10)
    yield opened
    opened.close()


FEEDS = [(kind, True) for kind in markup.KINDS if kind not in SUFFIX] + [("rss", False), ("json", False)]


@pytest.mark.parametrize(("kind", "titles"), FEEDS)
def test_markup_in_a_feed(kind: Kind, titles: bool, world: HostileWorld) -> None:
    """Every entry is held, with the words beside the markup."""
    heard = ask(world, world.served("quelle", markup.feed(kind, titles=titles), MEDIA_TYPE[kind]), seconds=20)
    assert heard.reason == ""
    assert len(heard.releases) == len(markup.MARKUP)
    words = heard.words
    assert [markup.MARKUP[n] for n in range(len(markup.MARKUP)) if markup.before(n) not in words] == []
    expect_sound(world)


@pytest.mark.parametrize("kind", [kind for kind in markup.KINDS if kind in SUFFIX])
def test_markup_in_files(kind: Kind, world: HostileWorld) -> None:
    for n in range(len(markup.MARKUP)):
        (world.folder / f"fall-{n}{SUFFIX[kind]}").write_bytes(markup.page(kind, n))
    heard = ask(world, world.source, seconds=30)
    words = heard.words
    assert [markup.MARKUP[n] for n in range(len(markup.MARKUP)) if markup.before(n) not in words] == []
    assert heard.reason == ""
    expect_sound(world)


@pytest.mark.parametrize("place", addresses.PLACES, ids=lambda place: f"{place.kind}: {place.name}")
def test_address(place: addresses.Place, world: HostileWorld) -> None:
    """In every form; what carried it is held even so, and not a byte of it is published."""
    entries = place.entries()
    if place.kind in SUFFIX:
        for n, body in enumerate(entries):
            (world.folder / f"fall-{n}{SUFFIX[place.kind]}").write_bytes(
                body.replace(b"\0", b"")
            )  # NULs are for a case of their own
        source = world.source
    else:
        documents = {"rss": make.rss, "rdf": make.rdf, "atom": make.atom, "json": make.jsonfeed, "ninjs": make.ninjs}
        source = world.served("quelle", documents[place.kind](*entries), MEDIA_TYPE[place.kind])
    heard = ask(world, source, seconds=20)
    assert heard.reason == ""
    assert len(heard.releases) == len(entries)
    expect_sound(world, lacks=(addresses.PAYLOAD,))


# --- the scanner itself -----------------------------------------------------------------------------------------------

PLANTED = (
    "<script>x</script>",
    "<p onclick=x>x</p>",
    "<svg onload=x>",
    "<a href=' java\tscript:x'>x</a>",
    "<img src=data:image/svg+xml,x>",
    "<img srcset='https://a.example/b 1x, javascript:x 2x'>",
    "<video poster=javascript:x></video>",
    "<iframe src='https://a.example/'></iframe>",
    "<form action='https://a.example/'></form>",
    "<p style='color:red'>x</p>",
    "<style>p{}</style>",
    "<base href='https://a.example/'>",
    "<meta http-equiv=refresh content=0>",
    "<object data=x></object>",
    "<embed src=x>",
    "<math><mtext>x</mtext></math>",
    "<template><p>x</p></template>",
    "<p><!-- --!><script>x</script> --></p>",
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, server: Server, run: Run) -> dict[str, bytes]:
    """By a world that has heard its neighbour alone."""
    with HostileWorld(tmp_path_factory.mktemp("published"), server, run=run) as world:
        ask(world, world.neighbour, seconds=10)
        return expect_sound(world)


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("path", ["all.atom", "all.rss", "all.json", "index.html"])
def test_the_scanner_sees(planted: str, path: str, published: dict[str, bytes]) -> None:
    text = f"<p>Hier steht {planted}</p>"
    word = "Oberwiesen"
    body = published[path].decode()
    match path.rpartition(".")[2]:
        case "json":
            spoiled = body.replace('"content_html": "', '"content_html": ' + make.json.dumps(text)[:-1], 1)
        case "html":
            spoiled = body.replace(word + "</a>", f"{word}</a>{text}", 1)
        case _:
            start = re.search(r"<(?:content type=.html.|content:encoded)>", body)
            assert start
            spoiled = body[: start.end()] + make.escape(text) + body[start.end() :]
    assert spoiled != body
    assert active({path: spoiled.encode()}) != []
    assert active({path: body.encode()}) == []


def test_the_scanner_sees_addresses_outside_of_html(published: dict[str, bytes]) -> None:
    for path in ("all.atom", "all.rss", "all.json", "index.html"):
        spoiled = (
            published[path]
            .replace(b'"https://www.talland.example/', b'"javascript:x//')
            .replace(b">https://www.talland.example/", b">javascript:x//")
        )
        spoiled = spoiled.replace(b'"https://presse.talland.example/', b'"javascript:x//')
        assert active({path: spoiled}) != [], path


def test_there_are_at_least_250_cases() -> None:
    documents = len((*xmlcases.CASES, *jsoncases.CASES, *pagecases.CASES, *values.CASES))
    assert documents >= 250
    assert len(markup.MARKUP) * len(markup.KINDS) >= 250
    assert len(addresses.FORMS) * len(addresses.PLACES) >= 250
    assert len(values.TRAPS) * len(values.TRAPPED) >= 150
