"""A text as the words that are compared: the same for what is looked through and for what is looked for."""

import re
import unicodedata

from syndicate.text import unaccented

MOST = 16_000  # of one release
MOST_LETTERS = 64  # of a word: what is longer is cut
# Another one: what is kept of texts was made by other rules, and is made again. Letters are what Unicode says they are.
MADE_BY = f"1, Unicode {unicodedata.unidata_version}"

_RUN = re.compile(r"[^\W_]+")  # letters and digits of any script


def tokens(text: str, most: int = MOST) -> list[str]:
    """Runs of letters and digits without case, width, accents; ä ö ü ß are ae oe ue ss. At most so many.

    It is `text.unaccented` that folds, as it does names, so that a topic's kicker and a search for it mean the same.
    The tokens of tokens joined by blanks are these.
    """
    return [word[:MOST_LETTERS] for word in _RUN.findall(unaccented(text))[:most]]
