"""The operators' page in a real browser, as the status address answers it: on a telephone, in the dark, without script.

Nothing of axe-core, nothing wider than the window, nothing against its own policy.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from test_pages import AUDIT, AXE, RULES, VIOLATIONS, WIDTHS, browser, missing, visit

from operators_site import NOW, ailing, site
from syndicate.operators import Access, create_app, page_of
from syndicate.serve import Server

__all__ = ["browser"]  # the fixture

pytestmark = pytest.mark.browser

WIDE = """
return [...document.querySelectorAll('body *')].filter(e => !e.closest('.wide > *') &&
    e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 200))
"""


@pytest.fixture(scope="module", params=["well", "ailing"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page of everything, when all is well and when nothing is."""
    with site(tmp_path_factory.mktemp("operators")) as app:
        if request.param == "ailing":
            ailing(app)
        made = page_of(app, NOW)
    with Server(create_app(lambda: made, lambda: b"", Access), "127.0.0.1", 0) as server:
        yield server.address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(browser: Any, page: str, width: int, scheme: str) -> None:
    if not AXE.is_file():
        missing("no axe-core: npm install --prefix tests/browser")
    visit(browser, page, width, scheme)
    browser.execute_script("document.querySelectorAll('details').forEach(e => { e.open = true })")
    browser.execute_script(AXE.read_text("utf-8"))
    found = browser.execute_async_script(AUDIT, RULES)
    assert [(rule["id"], node["html"]) for rule in found["violations"] for node in rule["nodes"]] == []
    unsure = [node["html"] for rule in found["incomplete"] if rule["id"] == "color-contrast" for node in rule["nodes"]]
    assert [cell for cell in unsure if not cell.startswith(("<th", "<td"))] == [], "but a table may scroll out of sight"
    assert len(found["passes"]) > 20, "axe looked at the page"


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(browser: Any, page: str, width: int) -> None:
    visit(browser, page, width)
    browser.execute_script("document.querySelectorAll('details').forEach(e => { e.open = true })")
    assert browser.execute_script(WIDE) == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_without_a_script_it_says_all_and_in_the_dark_it_is_dark(browser: Any, page: str) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        seen = list[str]()
        for scheme in ("light", "dark"):
            visit(browser, page, 320, scheme)
            assert browser.find_element("tag name", "h1").is_displayed()
            assert len(browser.find_elements("css selector", "svg.days")) == 6
            browser.find_element("tag name", "summary").click()
            assert browser.find_element("css selector", "details td").is_displayed()
            seen.append(browser.find_element("tag name", "body").value_of_css_property("background-color"))
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    light, dark = ([int(part) for part in re.findall(r"\d+", colour)[:3]] for colour in seen)
    assert min(light) > 240
    assert max(dark) < 40


def test_it_keeps_its_own_policy_and_asks_for_nothing_else(browser: Any, page: str) -> None:
    script = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": VIOLATIONS})
    try:
        visit(browser, page, 1280)
        assert browser.execute_script("return violated") == []
        assert browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)") == []
        browser.execute_script("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
        told = browser.execute_async_script("setTimeout(() => arguments[0](violated), 0)")
        assert [line.split()[0] for line in told] == ["style-src-attr"] * len(told)
        assert told
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
