"""robots.txt: the examples of RFC 9309, and what real ones have."""

import pytest

from syndicate.parse import MOST_ROBOTS, product, robots

SIMPLE = """
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""  # section 5.1
LONGEST = "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n"  # section 5.2
MERGED = """
user-agent: ExampleBot
disallow: /foo
disallow: /bar

user-agent: ExampleBot
disallow: /baz
"""  # section 2.2.1


@pytest.mark.parametrize(
    ("text", "token", "path", "allowed"),
    [
        (SIMPLE, "foobot", "/", False),
        (SIMPLE, "foobot", "/example/page.html", True),
        (SIMPLE, "foobot", "/example/allowed.gif", True),
        (SIMPLE, "foobot", "/publications/", False),
        (SIMPLE, "barbot", "/example/page.html", False),
        (SIMPLE, "bazbot", "/example/page.html", False),
        (SIMPLE, "bazbot", "/example/", True),
        (SIMPLE, "quxbot", "/example/page.html", True),
        (SIMPLE, "syndicate", "/example/page.html", False),
        (SIMPLE, "syndicate", "/a/b.gif", False),
        (SIMPLE, "syndicate", "/a/b.gif?x", True),
        (SIMPLE, "syndicate", "/publications/", True),
        (LONGEST, "foobot", "/example/page/index.html", True),
        (LONGEST, "foobot", "/example/page/disallowed.gif", False),
        (MERGED, "examplebot", "/foo", False),
        (MERGED, "examplebot", "/bar", False),
        (MERGED, "examplebot", "/baz", False),
        (MERGED, "examplebot", "/qux", True),
        ("", "syndicate", "/", True),
    ],
)
def test_the_examples_of_the_rfc(text: str, token: str, path: str, allowed: bool) -> None:
    found = robots(text.encode(), token)
    assert (found.forbids(f"https://amt.example{path}") is None) == allowed


@pytest.mark.parametrize(
    ("rule", "path", "matches"),
    [
        # section 2.2.2: one address in several forms
        ("/foo/bar?baz=quz", "/foo/bar?baz=quz", True),
        ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", True),
        ("/foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https://foo.bar", True),
        ("/foo/bar/ツ", "/foo/bar/%E3%83%84", True),
        ("/foo/bar/%E3%83%84", "/foo/bar/ツ", True),
        ("/foo/bar/%e3%83%84", "/foo/bar/%E3%83%84", True),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz", True),
        ("/foo/bar/baz", "/foo/bar/%62%61%7a", True),
        ("/a%2Fb", "/a/b", False),
        # section 2.2.3: special characters
        ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html", True),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-x.html", False),
        ("/path/foo-%24", "/path/foo-$", True),
        ("/this/path/exactly$", "/this/path/exactly", True),
        ("/this/path/exactly$", "/this/path/exactly/", False),
        ("/this/*/exactly", "/this/path/exactly", True),
        ("/this/*/exactly", "/this/exactly", False),
        ("/a$b", "/a$b", True),
        ("/*.php$", "/x/y.php", True),
        ("/*.php$", "/x/y.php?z", False),
        ("/*?", "/x", False),
        ("/*?", "/x?y", True),
        ("/fish*", "/fishheads", True),
        ("/a*b*c$", "/abcbc", True),
        ("/a*bc*bc$", "/abc", False),
        ("/**", "/", True),
        ("fish", "/fish", False),
        ("/Fish", "/fish", False),
        ("/", "", True),
        ("/", "/robots.txt", False),
        ("", "/", False),
    ],
)
def test_a_rule_matches_a_path_from_its_beginning(rule: str, path: str, matches: bool) -> None:
    found = robots(f"User-agent: *\nDisallow: {rule}\n".encode(), "syndicate").forbids(f"https://amt.example{path}")
    assert found == (f"Disallow: {rule}" if matches else None)


@pytest.mark.parametrize(
    ("rules", "forbidden"),
    [
        ("Disallow: /presse\nAllow: /presse", False),  # of equals the allowing
        ("Allow: /presse\nDisallow: /presse/*.html", True),
        ("Disallow: /\nAllow: /presse/", False),
        ("Disallow: /presse/*\nAllow: /presse/", True),  # by its octets
    ],
)
def test_the_longest_match_decides_whatever_the_order(rules: str, forbidden: bool) -> None:
    for lines in (rules.split("\n"), rules.split("\n")[::-1]):
        text = "User-agent: *\n" + "\n".join(lines)
        assert (robots(text.encode(), "x").forbids("https://a.example/presse/1.html") is not None) == forbidden


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\nDisallow: /x",
        "\ufeffuser-agent: * # alle\r\nDISALLOW : /x # nichts",
        "User-agent: *\rDisallow: /x\r",
        "User-agent: anders\nUser-agent: *\nSitemap: https://a.example/s.xml\nDisallow: /x",
        "User-agent: anders\nSitemap: https://a.example/s.xml\nUser-agent: *\nDisallow: /x",
        "User-agent: *\nCrawl-delay: 3\nDisallow: /x",
        "Disallow: /y\nUser-agent: Syndicate/1.0\nDisallow: /x",
        "User-agent: *\nAllow: /\n\nUser-agent: syndicate\n\nDisallow: /x",
        "User-agent: *\nDisallow: /\n\nUser-agent: SYNDICATE\nDisallow: /x",
    ],
)
def test_forms_that_real_ones_have(text: str) -> None:
    found = robots(text.encode(), "syndicate")
    assert [found.forbids(f"https://a.example{path}") is not None for path in ("/x", "/y", "/")] == [True, False, False]


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><title>404</title>", b"\x00\xff\xfe", b"User-agent *\nDisallow /"])
def test_what_is_no_robots_txt_forbids_nothing(body: bytes) -> None:
    assert robots(body, "syndicate").forbids("https://a.example/") is None


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 10", 10.0),
        ("User-agent: *\nCrawl-delay: 0.5\nDisallow: /x", 0.5),
        ("User-agent: *\nCrawl-delay: 10\nUser-agent: syndicate\nDisallow: /x", 10.0),
        ("User-agent: *\nDisallow: /x\nCrawl-delay: 10\nUser-agent: syndicate\nAllow: /x", None),
        ("User-agent: *\nCrawl-delay: bald", None),
        ("User-agent: *\nCrawl-delay: -1", None),
        ("User-agent: *\nCrawl-delay: 1e9", None),
    ],
)
def test_how_slowly(text: str, delay: float | None) -> None:
    assert robots(text.encode(), "syndicate").delay == delay


def test_half_a_megabyte_is_read_and_no_half_rule() -> None:
    filler = (
        b"User-agent: *\nDisallow: /eins\n#" + b"x" * (MOST_ROBOTS - 60) + b"\nDisallow: /zwei/und/noch/mehr/Worte\n"
    )
    found = robots(filler, "syndicate")
    assert found.forbids("https://a.example/eins")
    assert not found.forbids("https://a.example/zwei/und/noch/mehr/Worte")
    assert not found.forbids("https://a.example/andere")


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        ("syndicate/1.0 (+https://presse.example/)", "syndicate"),
        ("Talland press feeds (+https://presse.example/)", "talland"),
        ("Presse-Bot/2", "presse-bot"),
        ("(ohne Namen)", ""),
    ],
)
def test_whom_a_user_agent_is(agent: str, token: str) -> None:
    assert product(agent) == token
    assert robots(b"User-agent: *\nDisallow: /", token).forbids("https://a.example/") == "Disallow: /"
