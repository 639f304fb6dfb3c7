"""Pages for people: the index, a page per topic and per release, and two notices (semantics: Pages for people). Pure.

No script, nothing from third parties but a release's own images; the same input gives the same bytes.
"""

from syndicate.render.html.entries import article, line
from syndicate.render.html.frame import alone
from syndicate.render.html.index import LEADING, TopicSummary, index_joined, index_page
from syndicate.render.html.notices import not_found, withdrawn_page
from syndicate.render.html.release import release_page
from syndicate.render.html.topic import topic_joined, topic_page

__all__ = [
    "LEADING",
    "TopicSummary",
    "alone",
    "article",
    "index_joined",
    "index_page",
    "line",
    "not_found",
    "release_page",
    "topic_joined",
    "topic_page",
    "withdrawn_page",
]
