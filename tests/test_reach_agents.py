"""What a client calls itself, as it is kept: product, version, subscribers; nothing that leads to a person."""

import pytest

from syndicate.reach import Agent, agent_of

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1"
COPY = "550e8400-e29b-41d4-a716-446655440000"

# As services, readers, browsers, libraries and bots name themselves.
KNOWN = [
    ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 42 subscribers; like FeedFetcher-Google)", "Feedly/1.0", 42),
    ("Feedbin feed-id:1373711 - 142 subscribers", "Feedbin", 142),
    (
        "NewsBlur Feed Fetcher - 112 subscribers - http://www.newsblur.com/site/5/presse"
        f" (Mozilla/5.0 (Macintosh; Intel Mac OS X 10_12_3) {CHROME})",
        "NewsBlur Feed Fetcher",
        112,
    ),
    ("Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 1 subscriber; )", "Inoreader/1.0", 1),
    ("Mozilla/5.0 (compatible; inoreader.com; 3 subscribers)", "Inoreader", 3),
    ("Mozilla/5.0 (compatible; theoldreader.com; 7 subscribers; feed-id=5f0c0ffee)", "The Old Reader", 7),
    ("BazQux/2.4 (+https://bazqux.com/fetcher; 12 subscribers)", "BazQux/2.4", 12),
    ("FeedFetcher-Google; (+http://www.google.com/feedfetcher.html; 12 subscribers)", "FeedFetcher-Google", 12),
    ("Mozilla/5.0 (compatible; Feedspot/1.0 (+https://www.feedspot.com/fs/fetcher)", "Feedspot/1.0", None),
    ("Superfeedr bot/2.0 http://superfeedr.com - Make your feeds realtime - feed-id:47", "Superfeedr bot/2.0", None),
    ("Mozilla/5.0 (compatible; Blogtrottr/2.0)", "Blogtrottr/2.0", None),
    ("newsboat/2.30.1 (Linux x86_64)", "newsboat/2.30.1", None),
    ("Newsboat/r2.36 (Linux 6.1.0; https://newsboat.org/) curl/8.9", "Newsboat/r2.36", None),
    ("Mozilla/5.0 (compatible; Miniflux/2.0.49; +https://miniflux.app)", "Miniflux/2.0.49", None),
    ("FreshRSS/1.24.1 (Linux; https://freshrss.org)", "FreshRSS/1.24.1", None),
    ("Tiny Tiny RSS/21.05-9e4b1a (https://tt-rss.org/)", "Tiny Tiny RSS/21.05-9e4b1a", None),
    ("CommaFeed/4.3.1 (https://github.com/Athou/commafeed)", "CommaFeed/4.3.1", None),
    ("Nextcloud-News/1.0", "Nextcloud-News/1.0", None),
    ("Liferea/1.15.6 (Linux; https://lzone.de/liferea/) AppleWebKit (KHTML, like Gecko)", "Liferea/1.15.6", None),
    ("Akregator/5.24.4; syndication", "Akregator/5.24.4", None),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) QuiteRSS/0.19.4 Safari/538.1",
        "QuiteRSS/0.19.4",
        None,
    ),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) fluent-reader/1.1.4"
        " Chrome/100.0.4896.143 Electron/18.1.0 Safari/537.36",
        "fluent-reader/1.1.4",
        None,
    ),
    ("NetNewsWire (RSS Reader; https://netnewswire.com/)", "NetNewsWire", None),
    ("Reeder/5050001 CFNetwork/1410.1 Darwin/22.6.0", "Reeder/5050001", None),
    ("rss2email/3.14 (https://github.com/rss2email/rss2email)", "rss2email/3.14", None),
    ("Elfeed 3.4.1", "Elfeed/3.4.1", None),
    (
        "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.3.1",
        "Thunderbird/115.3.1",
        None,
    ),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0", "Firefox/121.0", None),
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME}", "Chrome/120.0.0.0", None),
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Edg/120.0.2210.91", "Edg/120.0.2210.91", None),
    (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_2) {SAFARI} Safari/605.1.15", "Safari/17.1", None),
    (
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) {SAFARI} Mobile/15E148 Safari/604.1",
        "Safari/17.1",
        None,
    ),
    ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot/2.1", None),
    ("Slackbot 1.0 (+https://api.slack.com/robots)", "Slackbot/1.0", None),
    ("WordPress/6.4.2; https://redaktion.example.org", "WordPress/6.4.2", None),
    ("SimplePie/1.8.0 (Feed Parser; http://simplepie.org; Allow like Gecko) Build/20230204", "SimplePie/1.8.0", None),
    ("curl/8.5.0", "curl/8.5.0", None),
    ("Wget/1.21.4", "Wget/1.21.4", None),
    ("python-requests/2.31.0", "python-requests/2.31.0", None),
    ("feedparser/6.0.11 +https://github.com/kurtmckee/feedparser/", "feedparser/6.0.11", None),
    ("Go-http-client/1.1", "Go-http-client/1.1", None),
    ("Apache-HttpClient/4.5.14 (Java/17.0.9)", "Apache-HttpClient/4.5.14", None),
    ("syndicate/0.1.0 (+https://press.example.org/)", "syndicate/0.1.0", None),
    ("Grüße/1.0", "Grüße/1.0", None),
    # What leads to somebody is cut off, wherever it stands.
    ("Redaktion Talland 4.2 (Kontakt: it@zeitung.example, Tel. +49 30 1234567)", "Redaktion Talland/4.2", None),
    ("mailto:desk@zeitung.example Reader/1.0", "Reader/1.0", None),
    ("Reader/1.0 http://desk:geheim@zeitung.example/", "Reader/1.0", None),
    ("+49 30 1234567 Reader", "Reader", None),
    ("erika.mustermann@zeitung.example", "unnamed", None),
    ("198.51.100.7", "unnamed", None),
    ("2001:db8::17", "unnamed", None),
    ("zeitung.example/1.0", "unnamed", None),
    (f"Reader/{COPY}", "Reader", None),
    (f"Reader-{COPY}/2.0", "unnamed", None),
    # Nothing, and what means no good.
    ("", "unnamed", None),
    ("Mozilla/5.0", "unnamed", None),
    ("(only a comment)", "unnamed", None),
    ("((((((((", "unnamed", None),
    ("<script>alert(1)</script>", "script", None),
    ("Robert'); DROP TABLE holds;--", "Robert", None),
    ("Reader/1.0\x1b[31m\r\nX: y", "Reader/1.0", None),
    ("\u202eredaeR/1.0", "redaeR/1.0", None),
    ("Feedly/1.0 (99999999999 subscribers)", "Feedly/1.0", None),
    ("R" * 100_000, "R" * 40, None),
    ("(" * 100_000 + "x", "unnamed", None),
    ("a " * 50_000, "a a a a", None),
]


@pytest.mark.parametrize(("said", "name", "subscribers"), KNOWN, ids=[said[:40] for said, _, _ in KNOWN])
def test_an_agent_is_product_and_version(said: str, name: str, subscribers: int | None) -> None:
    assert agent_of(said.encode()) == Agent(name, subscribers)


def test_bytes_of_no_encoding_are_read_as_well() -> None:
    assert agent_of(b"Gr\xfc\xdfe/1.0 \xff") == Agent("Grüße/1.0")
