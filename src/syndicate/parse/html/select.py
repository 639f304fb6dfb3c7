"""The operator's CSS selectors, by the name of what they find."""

from collections.abc import Sequence

from lxml.html import HtmlElement

from syndicate.notices import dates
from syndicate.parse.tree import chosen, words
from syndicate.text import squeeze


class Selection:
    """`pairs` as configured: (name, selector)."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.pairs = tuple(pairs)

    def css(self, name: str) -> str | None:
        return next((css for known, css in self.pairs if known == name), None)

    def all(self, name: str) -> list[str]:
        return [css for known, css in self.pairs if known == name]

    def elements(self, root: HtmlElement, name: str) -> list[HtmlElement]:
        css = self.css(name)
        return chosen(root, css) if css else []

    def text(self, root: HtmlElement, name: str) -> str | None:
        """What the first element says that says anything; of a date its exact form."""
        for element in self.elements(root, name):
            exact = (element.get("datetime") or element.get("content") or "") if name in ("date", "author") else ""
            if said := squeeze(exact):
                return said
            if said := words(element):
                return dates.printed_within(said) if name == "date" else said
        return None

    def unmatched(self, root: HtmlElement, names: Sequence[str]) -> tuple[str, ...]:
        """Those of `names` that find nothing on a page, as they stand in the configuration: `title = ".headline"`."""
        return tuple(f'{name} = "{css}"' for name, css in self.pairs if name in names and not chosen(root, css))
