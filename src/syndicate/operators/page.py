"""How everything is, as a page: what needs a person and what mends it, the last thirty days, what is to come.

No script, nothing from elsewhere, and nothing that changes anything: whoever may do something has the commands.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup, escape

from syndicate import __version__
from syndicate.app import App, Need, SourceState
from syndicate.model import Day, Plan
from syndicate.operators.gather import MOST, Overview, gathered
from syndicate.operators.pictures import HEIGHT, WIDTH, Picture, picture, summed, words
from syndicate.operators.templates import environment
from syndicate.render import colours, inlined
from syndicate.text import age, count, local, rfc3339, visible

_STYLE, _ALLOWED = inlined("\n".join((colours(), environment.get_template("page.css").render())))
_POLICY = f"default-src 'none'; style-src {_ALLOWED}; base-uri 'none'; form-action 'none'"
_PAGE, _WAITING = environment.get_template("page.html"), environment.get_template("waiting.html")
_TYPED = re.compile("`([^`]+)`")
_NOTED = 20  # lines


class Row(NamedTuple):
    """A source. `wrong`: something of it needs a person."""

    source: SourceState
    wrong: bool
    picture: Picture

    @property
    def condition(self) -> str:
        said = self.source.condition
        return "see above" if self.wrong and said == "ok" else said


def page_of(app: App, now: datetime) -> bytes:
    """HTML in UTF-8, of some tens of kilobytes at most. Reads the store; never fails for what is wrong with that."""
    seen, plan = gathered(app, now), app.plan
    noted = [line for line in seen.state.noted if line not in seen.state.spread]
    text = _PAGE.render(
        seen=seen,
        state=seen.state,
        title=plan.site.title,
        language=plan.site.language,
        base_url=plan.site.base_url,
        style=_STYLE,
        policy=_POLICY,
        version=__version__,
        started=app.started,
        configured=app.configured,
        rows=_rows(seen),
        all=picture(seen.all_days, seen.dates),
        all_days=[day for day in reversed(seen.all_days) if day.day in seen.dates],
        most=MOST,
        topics=sorted(seen.state.topics, key=lambda row: row.newest.timestamp() if row.newest else 0, reverse=True),
        embargoes=sorted(seen.state.embargoes, key=lambda each: each.until.timestamp() if each.until else 0),
        noted=noted[:_NOTED],
        noted_more=len(noted) - _NOTED,
        width=WIDTH,
        height=HEIGHT,
        **_SAYING,
        moment=lambda at, none="–": _moment(seen, at, none),
        ago=lambda at: age((now - at).total_seconds()),
    )
    return visible(text).encode(errors="replace")


def page_without_store(plan: Plan, needs: Iterable[Need]) -> bytes:
    """The same of a daemon whose store cannot be used: what needs a person. Asks nothing."""
    text = _WAITING.render(
        needs=[*needs], title=plan.site.title, language=plan.site.language, style=_STYLE, policy=_POLICY, **_SAYING
    )
    return visible(text).encode(errors="replace")


def _rows(seen: Overview) -> list[Row]:
    return [
        Row(each, each.id in seen.needing, picture(seen.days.get(each.id, ()), seen.dates)) for each in seen.sources
    ]


def _moment(seen: Overview, at: datetime | None, none: str = "–") -> Markup:
    if at is None:
        return escape(none)
    return Markup('<time datetime="{}">{}</time>').format(rfc3339(at, seen.zone), local(at, seen.zone))


def _with_code(text: str) -> Markup:
    """What stands between backticks is typed."""
    parts = _TYPED.split(text)
    return Markup("").join(Markup("<code>{}</code>").format(part) if n % 2 else part for n, part in enumerate(parts))


def _size(number: int) -> str:
    return f"{number / 1e9:,.2f} GB" if number >= 1e9 else f"{number / 1e6:,.1f} MB"


_SAYING = {"typed": _with_code, "count": count, "size": _size, "age": age, "summed": summed, "words": words, "Day": Day}
