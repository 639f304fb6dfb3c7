"""`/hub`: who wants to be told of what changes asks here (WebSub section 5). The daemon asks back."""

from collections.abc import Iterable

from syndicate import websub
from syndicate.app import App
from syndicate.model import HUB, Requested
from syndicate.render import html
from syndicate.serve.answers import PLAIN, page
from syndicate.serve.kinds import REST, policy_of
from syndicate.serve.routes.values import Answer, Request, Route

_TAKEN = b"You will be asked at your callback whether you mean it\n"
_LATER = (b"retry-after", b"60")


def hub_routes(app: App) -> Iterable[Route]:
    def hub(request: Request) -> Answer:
        if not app.plan.has_own_hub:
            return Answer(404, PLAIN, b"There is no hub here\n")
        return _page(app) if request.method == "GET" else _taken(app, request)

    return (Route(HUB, hub, methods=("GET", "POST")),)


def _page(app: App) -> Answer:
    body = html.hub_page(app.plan.site).body
    return Answer(200, page(REST, policy_of(body)), body)


def _taken(app: App, request: Request) -> Answer:
    if request.query:
        return _refused(400, "what is asked for belongs into the body, not into the address")
    try:
        asked = websub.asked(request.body, request.headers.get(b"content-type", b"").decode("latin-1"))
    except websub.BadRequest as error:
        return _refused(400, str(error))
    found = websub.request(asked, app.plan, app.store, request.client)
    if isinstance(found, websub.Refusal):
        return _refused(found.status, found.reason)
    app.store.subscriptions.ask(found, app.clock())
    app.tell(Requested(mode=found.mode, host=found.host, document=found.document))
    return Answer(202, PLAIN, _TAKEN)


def _refused(status: int, reason: str) -> Answer:
    later = (_LATER,) if status in (429, 503) else ()
    return Answer(status, (*PLAIN, *later), f"{reason[:1].upper()}{reason[1:]}\n".encode())
