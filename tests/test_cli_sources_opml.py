"""`syndicate sources import` and `export`."""

from pathlib import Path

import pytest

from cli_site import FOLDER, Site
from servers import Reply, Server
from syndicate.config import load
from syndicate.parse import subscriptions
from test_discovery import RSS, XML, page

LIST = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Abos</title></head><body>
  <outline text="Land"><outline text="Schule">
    <outline type="rss" text="Kultus" xmlUrl="https://kultus.talland.example/feed"/>
    <outline type="rss" text="Portal" xmlUrl="http://www.portal.example/feed/"/>
  </outline></outline>
  <outline text="Böse" xmlUrl="javascript:alert(1)"/>
  <outline type="rss" text="Zweite \x1b[31m" xmlUrl="https://leser:geheim@kultus.talland.example/2?token=geheim"/>
</body></opml>
"""
PORTAL = '\n[[source]]\nid = "portal"\nurl = "https://portal.example/feed"\ntopics = ["schule", "Wald & Flur"]\n'


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path, sources=FOLDER + PORTAL)
    (tmp_path / "feeds.opml").write_text(LIST.replace("\x1b", "&#27;"), encoding="utf-8")
    return made


def imported(site: Site, *options: str) -> object:
    return site.run("sources", "import", str(site.folder / "feeds.opml"), *options)


def test_a_list_is_added_in_one_go(site: Site) -> None:
    before = site.config.read_text("utf-8")
    done = site.run("sources", "import", str(site.folder / "feeds.opml"))
    assert done.code == 1  # one was refused
    assert done.err.endswith(
        'feeds.opml: outline 5 "Böse": its xmlUrl is no http or https address: javascript:alert(1)\n'
    )
    assert done.out.splitlines() == [
        "kultus-talland  https://kultus.talland.example/feed  [Land, Schule]",
        "kultus-talland-zweite-31m  https://kultus.talland.example/2",
        "http://www.portal.example/feed/ is there already, as the source portal.",
        "2 sources added, 1 there already, 1 refused.",
    ]
    assert site.config.read_text("utf-8") == before + (
        '\n# Kultus\n[[source]]\nid = "kultus-talland"\n'
        'url = "https://kultus.talland.example/feed"\ntopics = ["Land", "Schule"]\n'
        '\n# Zweite [31m\n[[source]]\nid = "kultus-talland-zweite-31m"\n'
        'url = "https://leser:geheim@kultus.talland.example/2?token=geheim"\n'
    )
    assert site.run("sources", "import", str(site.folder / "feeds.opml")).out.startswith(
        "https://kultus.talland.example/feed is there"
    )


def test_as_json_without_writing(site: Site) -> None:
    before = site.config.read_bytes()
    done = site.run("sources", "import", "-", "--json", "--dry-run", stdin=(site.folder / "feeds.opml").read_bytes())
    assert (done.code, site.config.read_bytes()) == (1, before)
    assert "geheim" not in done.out + done.err
    assert done.json["written"] is False
    assert done.json["added"][0] == {
        "id": "kultus-talland",
        "url": "https://kultus.talland.example/feed",
        "title": "Kultus",
        "topics": ["Land", "Schule"],
    }
    assert done.json["there"] == [{"url": "http://www.portal.example/feed/", "source": "portal"}]
    assert [refused["where"] for refused in done.json["refused"]] == ['outline 5 "Böse"']


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<opml><outline", "is not well-formed XML"),
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml>&a;</opml>', "declares entities"),
        (b"<opml>" + b'<outline text="x">' * 100_000, "Excessive depth"),
        (b"", "the file is empty"),
    ],
    ids=["broken", "entities", "deep", "empty"],
)
def test_a_bad_list_is_one_line_and_changes_nothing(body: bytes, said: str, site: Site) -> None:
    before = site.config.read_bytes()
    done = site.run("sources", "import", "-", stdin=body)
    assert (done.code, done.out, site.config.read_bytes()) == (1, "", before)
    assert len(done.err.splitlines()) == 1
    assert said in done.err


def test_a_file_that_is_not_there_is_told(site: Site) -> None:
    done = site.run("sources", "import", str(site.folder / "weg.opml"))
    assert (done.code, done.err) == (
        1,
        f"syndicate: {site.folder}/weg.opml: cannot be read: No such file or directory\n",
    )


def test_feeds_are_asked_only_where_that_is_wanted(tmp_path: Path) -> None:
    site = Site(tmp_path)
    with Server() as server:
        server.answers("/gut", Reply(body=RSS, headers=XML))
        server.answers("/seite", page())
        body = "".join(f'<outline xmlUrl="{server.url(path)}"/>' for path in ("/gut", "/seite", "/weg"))
        opml = f"<opml><body>{body}</body></opml>".encode()
        assert site.run("sources", "import", "-", "--dry-run", stdin=opml).code == 0
        assert server.requests == []
        done = site.run("sources", "import", "-", "--check", stdin=opml)
        assert server.requests == []  # a list that somebody else wrote does not lead us into our own network
        assert done.code == 1
        assert done.err.count("is a loopback address") == 3
        assert [source.id for source in load(site.config).sources] == ["amt"]
        done = site.run("sources", "import", "-", "--check", "--allow-private", stdin=opml)
        assert {request.path for request in server.requests} == {"/gut", "/seite", "/weg"}
        assert (done.code, len(done.err.splitlines())) == (1, 2)
        assert f"{server.url('/seite')}: it holds no release" in done.err
        assert "answered 404" in done.err
        assert [(source.url, source.allow_private) for source in load(site.config).sources[1:]] == [
            (server.url("/gut"), True)
        ]


def test_a_long_list_is_no_matter(site: Site) -> None:
    body = "".join(f'<outline text="T" xmlUrl="https://a.example/{n}"/>' for n in range(500))
    done = site.run("sources", "import", "-", stdin=f"<opml><body>{body}</body></opml>".encode())
    assert (done.code, len(load(site.config).sources)) == (0, 502)


# --- export -----------------------------------------------------------------------------------------------------------


def test_what_is_exported_has_no_secret_and_names_who_has_one(site: Site) -> None:
    secret = '\n[[source]]\nid = "geheimnis"\nurl = "https://u:pw1@b.example/f?a=1&token=pw2"\n'
    secret += '\n[[source]]\nid = "kopf"\nurl = "https://c.example/f"\nheaders = { X-Key = "pw3" }\n'
    site.config.write_text(site.config.read_text("utf-8") + secret, encoding="utf-8")
    done = site.run("sources", "export")
    assert done.code == 0
    assert done.err.splitlines() == [
        "syndicate: geheimnis: its password, token or headers were left out",
        "syndicate: kopf: its password, token or headers were left out",
    ]
    assert "pw" not in done.out
    found = subscriptions(done.out.encode()).feeds
    assert [(feed.title, feed.url, feed.topics) for feed in found] == [
        ("portal", "https://portal.example/feed", ("Schule", "Wald & Flur")),
        ("geheimnis", "https://b.example/f?a=1", ()),
        ("kopf", "https://c.example/f", ()),
    ]


def test_another_site_takes_it_over_with_ids_and_topics(site: Site, tmp_path: Path) -> None:
    imported(site)
    file = tmp_path / "out.opml"
    assert site.run("sources", "export", str(file)).out == ""
    (tmp_path / "zwei").mkdir()
    other = Site(tmp_path / "zwei", sources="")
    assert other.run("sources", "import", str(file)).code == 0
    theirs = {source.id: {*source.topics} for source in load(other.config).sources}
    assert theirs == {
        "portal": {"Schule", "Wald & Flur"},
        "kultus-talland": {"Land", "Schule"},
        "kultus-talland-zweite-31m": set(),
    }


FEED = """<rss version="2.0"><channel><title>Presse Talland</title><link>https://amt.example/</link>
<item><title>Eichen</title><guid>a1</guid><description>Das Land pflanzt Eichen.</description></item></channel></rss>"""
EVERYTHING = """
[[source]]
id = "forst"
url = "{url}"
format = "feed"
interval = "6h"
topics = ["Wald", "Schule"]
language = "de-CH"
headlines = false
enabled = false
priority = 7
fulltext = true
select = {{ title = "h1 > b" }}
allow_private = true
"""


def test_what_is_exported_is_imported_whole_and_named_by_its_title(tmp_path: Path) -> None:
    with Server() as server:
        server.answers("/f", Reply(body=FEED.encode(), headers={"Content-Type": "application/rss+xml"}))
        (tmp_path / "eins").mkdir()
        one = Site(tmp_path / "eins", sources=EVERYTHING.format(url=server.url("/f")))
        one.run("ingest", "forst")
        exported = one.run("sources", "export").out
    assert 'title="Presse Talland"' in exported
    (tmp_path / "zwei").mkdir()
    two = Site(tmp_path / "zwei", sources="")
    done = two.run("sources", "import", "-", "--allow-private", stdin=exported.encode())
    assert (done.code, done.err) == (0, "")
    here, there = (load(site.config).sources for site in (one, two))
    assert there == here


def test_leave_is_given_to_hosts_that_need_it_alone_and_by_nobody_else(tmp_path: Path) -> None:
    outlines = "".join(
        f'<outline text="{n}" xmlUrl="{url}" xmlns:s="urn:x-syndicate:source" s:allow_private="true"'
        ' s:headers=\'{"X": "y"}\' s:robots="ignore" s:interval="bald"/>'
        for n, url in enumerate(["http://127.0.0.1/f", "http://10.1.2.3/f", "http://192.0.2.1/f", "http://9.9.9.9/f"])
    )
    body = f'<opml version="2.0"><head/><body>{outlines}</body></opml>'.encode()
    for options, private in (((), []), (("--allow-private",), ["http://127.0.0.1/f", "http://10.1.2.3/f"])):
        folder = tmp_path / str(len(options))
        folder.mkdir()
        site = Site(folder, sources="")
        assert site.run("sources", "import", "-", *options, stdin=body).code == 0
        sources = load(site.config).sources
        assert [source.url for source in sources if source.allow_private] == private
        assert not any(source.headers or source.robots == "ignore" for source in sources)
