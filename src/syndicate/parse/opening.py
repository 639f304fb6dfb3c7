"""An entry's summary beside its content, where one is but the beginning of the other."""

from syndicate.markup import pictured
from syndicate.notices import excerpt
from syndicate.parse.fields import plain, plain_teaser


def stated(summary: str, content: str) -> tuple[str | None, str] | None:
    """(teaser, content) of two texts in HTML: some put the whole text into the summary, and its beginning beside it.

    A teaser that the content opens with stays: it is shown where there is no room for more. None where both have the
    same words.
    """
    teaser, text = plain_teaser(summary), plain(content)
    if text and len(text) < len(teaser) and not pictured(content) and excerpt.repeats(text, teaser):
        return None, summary
    if teaser == text and excerpt.says(teaser):
        return None
    return teaser if excerpt.says(teaser) else None, content
