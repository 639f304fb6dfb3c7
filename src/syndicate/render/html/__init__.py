"""Pages for people: the index, a page per topic and per release, and two notices (semantics: Pages for people). Pure.

No script, nothing from third parties but a release's own images; the same input gives the same bytes.
"""

from syndicate.render.html.entries import line, listed
from syndicate.render.html.frame import alone, empty
from syndicate.render.html.index import LEADING, LEADING_HEADING, TopicSummary, index_joined, index_page
from syndicate.render.html.notices import NOT_FOUND, gone_page, hub_page, not_found, not_found_joined, withdrawn_page
from syndicate.render.html.release import release_joined, release_page
from syndicate.render.html.search import Choice, Found, Hit, search_page
from syndicate.render.html.topic import HEADING, topic_joined, topic_page

__all__ = [
    "HEADING",
    "LEADING",
    "LEADING_HEADING",
    "NOT_FOUND",
    "Choice",
    "Found",
    "Hit",
    "TopicSummary",
    "alone",
    "empty",
    "gone_page",
    "hub_page",
    "index_joined",
    "index_page",
    "line",
    "listed",
    "not_found",
    "not_found_joined",
    "release_joined",
    "release_page",
    "search_page",
    "topic_joined",
    "topic_page",
    "withdrawn_page",
]
