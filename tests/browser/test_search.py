"""The search in a real browser, behind our own server: by keyboard, on a telephone, without a finding of axe-core."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys
from test_pages import AUDIT, AXE, RULES, VIOLATIONS, WIDTHS, browser, missing, visit

from syndicate.app import App
from syndicate.config import load
from syndicate.serve import Server, create_app, routes_of
from waiting import PATIENCE

__all__ = ["browser"]  # the fixture

pytestmark = pytest.mark.browser

CONFIG = """
[site]
search = true
[[source]]
id = "ordner"
path = "releases"
"""
LONG = "Landesgesundheitsfachkräfteausbildungsverordnung"
WIDE = "return document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("searched")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "releases").mkdir()
    for number in range(25):
        topic = "Gesundheit" if number % 2 else "Schule"
        head = f"title: Klinik {number} und die {LONG}\ntopic: {topic}\ndate: 202{number % 5}-03-01"
        text = f"---\n{head}\n---\n\nEin Text.\n"
        (folder / "releases" / f"{number}.md").write_text(text, encoding="utf-8")
    with App(load(folder / "config.toml")) as app:
        server = Server(
            create_app(folder / "feeds", routes=routes_of(app), base=lambda: app.plan.site.base_url), "127.0.0.1", 0
        )
        with server:
            text = (folder / "config.toml").read_text("utf-8")
            (folder / "config.toml").write_text(
                text.replace("[site]", f'[site]\nbase_url = "{server.address}"'), "utf-8"
            )
            assert app.reload().error is None
            app.run_all(app.due())
            app.publish()
            yield server.address


def test_somebody_searches_by_keyboard(browser: Any, searched: str) -> None:
    script = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": VIOLATIONS})
    try:
        browser.implicitly_wait(PATIENCE)
        visit(browser, searched, 375)
        browser.find_element("link text", "Suche").send_keys(Keys.ENTER)
        field = browser.find_element("id", "q")
        for _ in range(9):  # skip link, brand, three ways
            if browser.switch_to.active_element == field:
                break
            browser.switch_to.active_element.send_keys(Keys.TAB)
        assert browser.switch_to.active_element == field
        field.send_keys('"klinik 7" -schule', Keys.ENTER)
        assert browser.find_element("id", "found").text == "1 Meldung gefunden"
        assert [mark.text for mark in browser.find_elements("css selector", "article mark")] == ["Klinik", "7"]
        assert browser.find_element("id", "q").get_attribute("value") == '"klinik 7" -schule'
        field = browser.find_element("id", "q")
        field.clear()
        field.send_keys("klinik", Keys.ENTER)
        browser.find_element("css selector", ".choices a[href*='topic=gesundheit']").send_keys(Keys.ENTER)
        browser.find_element("css selector", ".choices a[href*='topic=gesundheit'][aria-current]")
        assert browser.find_element("id", "found").text == "12 Meldungen gefunden"
        browser.find_element("css selector", "article h3 a").send_keys(Keys.ENTER)
        browser.find_element("css selector", ".body")
        assert browser.find_element("css selector", "h1").text.startswith("Klinik")
        assert browser.execute_script("return violated") == []
    finally:
        browser.implicitly_wait(0)
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


PATHS = ["search", "search?q=klinik", "search?q=nirgends", "search?q=-klinik"]


@pytest.mark.parametrize("path", PATHS)
def test_no_window_is_too_narrow(browser: Any, searched: str, path: str) -> None:
    for width in WIDTHS:
        visit(browser, searched + path, width)
        assert browser.execute_script(WIDE) <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_where_one_searches(browser: Any, searched: str, path: str, scheme: str) -> None:
    if not AXE.is_file():
        missing("no axe-core: npm install --prefix tests/browser")
    visit(browser, searched + path, 375, scheme)
    browser.execute_script(Path(AXE).read_text("utf-8"))
    found = browser.execute_async_script(AUDIT, RULES)
    told = [
        (rule["id"], node["html"], node["failureSummary"]) for rule in found["violations"] for node in rule["nodes"]
    ]
    assert told == []
    assert len(found["passes"]) > 20
