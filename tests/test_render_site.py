"""What lies beside feeds and pages: the style of feeds, icons."""

import struct
from dataclasses import replace

import pytest

from builders import SITE
from icons import png, svg
from syndicate.model import Icon
from syndicate.render import icons, stylesheet


@pytest.mark.parametrize(("language", "says"), [("de", "Dies ist ein Feed."), ("en", "This is a feed.")])
def test_the_style_of_feeds_speaks_the_language_of_the_site(language: str, says: str) -> None:
    style = stylesheet(replace(SITE, language=language))
    assert (style.path, style.media_type) == ("feed.css", "text/css")
    text = style.body.decode()
    assert f'content: "{says}' in text
    assert "&" not in text.replace("&&", ""), "nothing is escaped as if it stood in a page"
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize(("side", "told"), [(16, 16), (255, 255), (256, 0)])
def test_a_small_icon_is_wrapped_for_who_asks_for_favicon_ico(side: int, told: int) -> None:
    one = Icon("icon.png", "image/png", png(side), side)
    itself, favicon = icons(one)
    assert (itself.path, itself.media_type, itself.body) == (one.path, one.media_type, one.body)
    assert (favicon.path, favicon.media_type) == ("favicon.ico", "image/x-icon")
    assert struct.unpack("<HHHBBBBHHII", favicon.body[:22]) == (0, 1, 1, told, told, 0, 0, 1, 32, len(one.body), 22)
    assert favicon.body[22:] == one.body


def test_a_large_icon_goes_out_as_it_is_and_a_drawing_has_none() -> None:
    assert [d.body for d in icons(Icon("icon.png", "image/png", png(512), 512))] == [png(512)] * 2
    assert [d.path for d in icons(Icon("icon.svg", "image/svg+xml", svg(), 0))] == ["icon.svg"]
