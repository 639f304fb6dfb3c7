"""The words of HTML that has been cleaned. Pure."""

import re

from syndicate.markup.elements import BREAKS, either
from syndicate.text import squeezed_lines, unescaped

# nh3 writes every attribute in double quotes, so a tag can be told by a pattern without nesting or back-tracking.
_REST = r'[^>"]*+(?:"[^"]*+"[^>"]*+)*+>'
_BREAK = re.compile(f"</?{either(BREAKS)}(?![a-zA-Z0-9]){_REST}")
_TAG = re.compile(f"</?[a-zA-Z]{_REST}")


def plain(content: str) -> str:
    """The words of HTML as `normalise` cleans it: a blank line between blocks, no markup."""
    return "\n\n".join(squeezed_lines(unescaped(_TAG.sub("", _BREAK.sub("\n", content)))))
