"""How everything is, as a page."""

from datetime import datetime
from html import escape

from syndicate.app import App, state_of

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{title}</title>
<main>
<h1>{title}</h1>
{body}
</main>
</html>
"""


def page_of(app: App, now: datetime) -> bytes:
    """HTML in UTF-8: what needs a person. Reads the store; never fails for what is wrong with that."""
    needs = state_of(app.plan, now).needs
    lines = "".join(f"<li>{escape(need)}\n" for need in needs)
    body = f"<ul>\n{lines}</ul>" if needs else "<p>Nothing needs you.</p>"
    return _PAGE.format(title=escape(app.plan.site.title), body=body).encode()
