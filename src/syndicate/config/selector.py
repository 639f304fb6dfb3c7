"""What finds parts of an HTML page."""

from cssselect import HTMLTranslator, SelectorError


def is_selector(text: str) -> bool:
    """Is it one of CSS?"""
    try:
        return bool(HTMLTranslator().css_to_xpath(text))
    except SelectorError:
        return False
