"""An entry's summary beside its content, where one is but the beginning of the other."""

from syndicate.markup import pictured, unmarked, unprotected
from syndicate.notices import excerpt
from syndicate.parse.fields import plain, plain_teaser
from syndicate.text import squeeze

_MARGIN = 500  # characters of a text beyond its summary's, with their markup


def stated(summary: str, content: str) -> tuple[str | None, str] | None:
    """(teaser, content) of two texts in HTML: some put the whole text into the summary, and its beginning beside it.

    A teaser that the content opens with stays: it is shown where there is no room for more. None where both have the
    same words.
    """
    teaser = plain_teaser(summary)
    text = None if _is_longer(content, len(teaser)) else plain(content)
    if text and len(text) < len(teaser) and not pictured(content) and excerpt.repeats(text, teaser):
        return None, summary
    if teaser == text and excerpt.says(teaser):
        return None
    return teaser if excerpt.says(teaser) else None, content


def _is_longer(content: str, length: int) -> bool:
    """Has it more words, as its beginning tells? What is plainly written there, nothing behind it undoes."""
    reach = 2 * length + _MARGIN
    if len(content) <= 2 * reach or unprotected(content) != content:
        return False
    text = unmarked(content[: max(0, content.rfind("<", 0, reach))])
    return text is not None and len(squeeze(text)) > length + _MARGIN // 10
