"""The pages in a real browser: axe-core finds nothing, nothing is cut off, nothing comes from elsewhere.

Needs Chromium with its driver, selenium, and axe-core (`npm install --prefix tests/browser`). Where one is missing the
tests are skipped, or fail with SYNDICATE_REQUIRE_BROWSER=1.
"""

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NoReturn

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.keys import Keys

from page_samples import FOREIGN, FULL, HEADLINE, WITHDRAWN, pages
from syndicate.serve import Server, create_app

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AUDIT = "axe.run(document, {runOnly: arguments[0]}).then(arguments[1], e => arguments[1]({error: String(e)}))"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="900"><rect width="1600" height="900"/></svg>'
PATHS = [
    "index.html",
    "all.html",
    "gesundheit.html",
    "gesundheit/3.html",
    "gesundheit/1.html",
    "wiedervernaessung.html",
    "404.html",
    *(f"releases/{release.id}.html" for release in (FULL, HEADLINE, FOREIGN, WITHDRAWN)),
]
WIDTHS = {320: 640, 375: 812, 1280: 900}


def missing(what: str) -> NoReturn:
    if os.environ.get("SYNDICATE_REQUIRE_BROWSER"):
        pytest.fail(f"{what}, and SYNDICATE_REQUIRE_BROWSER is set", pytrace=False)
    pytest.skip(what)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: pytest shows what fails."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a folder with every kind of page."""
    folder = tmp_path_factory.mktemp("feeds")
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        base_url = f"http://127.0.0.1:{server.server_port}/"
        for document in pages(base_url):
            path = folder / document.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(document.body)
        (folder / "media/0f").mkdir(parents=True)
        for name in ("zentrum", "plan", "karte"):
            (folder / f"media/0f/{name}.svg").write_text(PICTURE, "utf-8")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield base_url
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        missing("no Chromium, or no chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    chrome = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield chrome
    finally:
        chrome.quit()


def visit(browser: Any, address: str, width: int, scheme: str = "light", media: str = "screen") -> None:
    size = {"width": width, "height": WIDTHS[width], "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
    browser.get(address)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(browser: Any, served: str, path: str, width: int, scheme: str) -> None:
    if not AXE.is_file():
        missing("no axe-core: npm install --prefix tests/browser")
    visit(browser, served + path, width, scheme)
    browser.execute_script("document.querySelectorAll('details').forEach(e => { e.open = true })")
    browser.execute_script(AXE.read_text("utf-8"))
    found = browser.execute_async_script(AUDIT, RULES)
    told = [
        (rule["id"], node["html"], node["failureSummary"]) for rule in found["violations"] for node in rule["nodes"]
    ]
    assert told == []
    unsure = [node["html"] for rule in found["incomplete"] if rule["id"] == "color-contrast" for node in rule["nodes"]]
    assert [cell for cell in unsure if not cell.startswith(("<th", "<td"))] == [], "but a table may scroll out of sight"
    assert len(found["passes"]) > 20, "axe looked at the page"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_wider_than_the_window(browser: Any, served: str, path: str, width: int) -> None:
    visit(browser, served + path, width)
    browser.execute_script("document.querySelectorAll('details').forEach(e => { e.open = true })")
    wide = browser.execute_script(
        "return [...document.querySelectorAll('body *')].filter(e => !e.closest('.wide > *, .hidden') &&"
        " e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 200))"
    )
    assert wide == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", ["index.html", f"releases/{FULL.id}.html", "404.html"])
def test_the_style_is_allowed_and_the_dark_page_is_dark(browser: Any, served: str, path: str) -> None:
    seen = []
    for scheme in ("light", "dark"):
        visit(browser, served + path, 375, scheme)
        colour = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        seen.append(max(int(part) for part in colour.strip("rgb()").split(",")))
    assert seen[0] > 240
    assert seen[1] < 40


@pytest.mark.parametrize("path", PATHS)
def test_everything_comes_from_the_site_itself(browser: Any, served: str, path: str) -> None:
    visit(browser, served + path, 1280)
    loaded = browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
    assert [address for address in loaded if not address.startswith(served)] == []
    broken = browser.execute_script(
        "return [...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"
    )
    assert broken == []


def test_the_keyboard_finds_the_skip_link_first(browser: Any, served: str) -> None:
    visit(browser, f"{served}releases/{FULL.id}.html", 375)
    browser.switch_to.active_element.send_keys(Keys.TAB)
    link = browser.switch_to.active_element
    assert link.get_attribute("class") == "skip"
    assert browser.execute_script("return arguments[0].getBoundingClientRect().top", link) >= 0
    assert browser.execute_script("return getComputedStyle(arguments[0]).outlineStyle", link) == "solid"
    link.send_keys(Keys.ENTER)
    assert browser.switch_to.active_element.get_attribute("id") == "content"


def test_paper_carries_the_release_alone(browser: Any, served: str) -> None:
    visit(browser, f"{served}releases/{FULL.id}.html", 1280, media="print")
    shown = "return [...document.querySelectorAll(arguments[0])].map(e => getComputedStyle(e).display != 'none')"
    assert browser.execute_script(shown, "nav, .skip, .related, .subscribe") == [False] * 5
    assert all(browser.execute_script(shown, "h1, .lead, .body, address"))


VIOLATIONS = """
window.violated = [];
document.addEventListener("securitypolicyviolation", e => violated.push(`${e.violatedDirective} ${e.blockedURI}`));
"""


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same folder behind our own server, which says a policy in a header, too."""
    folder = tmp_path_factory.mktemp("ours")
    with Server(create_app(folder), "127.0.0.1", 0) as server:
        base_url = server.address
        for document in pages(base_url):
            path = folder / document.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(document.body)
        for name in ("zentrum", "plan", "karte"):
            (folder / "media/0f").mkdir(parents=True, exist_ok=True)
            (folder / f"media/0f/{name}.svg").write_text(PICTURE, "utf-8")
        yield base_url


def test_no_page_breaks_its_own_policy(browser: Any, ours: str) -> None:
    """Neither the one in it nor the header's; and both are heeded."""
    script = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": VIOLATIONS})
    try:
        for path in (*PATHS, "nichts"):
            visit(browser, ours + path, 1280)
            browser.execute_script("document.querySelectorAll('details').forEach(e => { e.open = true })")
            assert browser.execute_script("return [violated, document.querySelectorAll('h1').length]") == [[], 1], path
            browser.execute_script("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
            told = browser.execute_async_script("setTimeout(() => arguments[0](violated), 0)")
            assert [line.split()[0] for line in told] == ["style-src-attr"] * len(told), path
            assert told, path
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
