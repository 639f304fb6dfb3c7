"""`/hub`: who wants to be told of what changes asks here (WebSub section 5). The daemon asks back."""

import time
from collections.abc import Iterable

from syndicate import websub
from syndicate.app import App
from syndicate.model import HUB, Requested
from syndicate.publish import REST, policy_of
from syndicate.render import html
from syndicate.serve.answers import PLAIN, page, sentence
from syndicate.serve.limits import Rates
from syndicate.serve.routes.values import Answer, Request, Route
from syndicate.store import Pending

_TAKEN = b"You will be asked at your callback whether you mean it\n"
_LATER = (b"retry-after", b"60")
_PATIENCE, _LOOK = 1.0, 0.02  # seconds that a request waits for those before it, and between two looks


def hub_routes(app: App) -> Iterable[Route]:
    hub = _Hub(app)
    return (Route(HUB, hub.answer, methods=("GET", "POST"), rate=Rates.CALLBACK),)


class _Hub:
    def __init__(self, app: App) -> None:
        self._app = app

    def answer(self, request: Request) -> Answer:
        if not self._app.plan.has_own_hub:
            return Answer(404, PLAIN, b"There is no hub here\n")
        if request.method == "GET":
            body = html.hub_page(self._app.plan.site).body
            return Answer(200, page(REST, policy_of(body)), body)
        if request.query:
            return _refused(400, "what is asked for belongs into the body, not into the address")
        try:
            asked = websub.asked(request.body, request.headers.get(b"content-type", b"").decode("latin-1"))
        except websub.BadRequest as error:
            return _refused(400, str(error))
        found = self._request(asked, request.client)
        if isinstance(found, websub.Refusal):
            return _refused(found.status, found.reason)
        store = self._app.store
        store.together(lambda: store.subscriptions.ask(found, self._app.clock()), lasting=False)
        self._app.tell(Requested(mode=found.mode, host=found.host, document=found.document))
        return Answer(202, PLAIN, _TAKEN)

    def _request(self, asked: websub.Asked, client: str) -> Pending | websub.Refusal:
        """Who asks faster than he is asked back waits a moment."""
        end = time.monotonic() + _PATIENCE
        while True:
            found = websub.request(asked, self._app.plan, self._app.store, client, self._app.clock())
            if not (isinstance(found, websub.Refusal) and found.passes) or time.monotonic() > end:
                return found
            time.sleep(_LOOK)


def _refused(status: int, reason: str) -> Answer:
    later = (_LATER,) if status in (429, 503) else ()
    return Answer(status, (*PLAIN, *later), sentence(reason))
