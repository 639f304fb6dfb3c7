"""`/websub/TOKEN`: where hubs that we have asked ask back, and push. Whoever does not know a token learns nothing."""

from syndicate import websub
from syndicate.app import App
from syndicate.model import Pushed
from syndicate.serve.answers import PLAIN
from syndicate.serve.limits import Rates
from syndicate.serve.routes.values import Answer, Request, Route

CALLBACKS = "websub"
_LATER = ((b"retry-after", b"60"),)
_SAID = {
    202: b"Received\n",
    403: b"This is not signed with the secret of this subscription\n",
    410: b"There is no such subscription\n",
    503: b"Try again later\n",
}


def callbacks(app: App) -> tuple[Route, ...]:
    """One for each subscription of ours; a body is bounded as a source's document is."""

    def handle(request: Request) -> Answer | None:
        return _pushed(request, app) if request.method == "POST" else _asked(request, app)

    def refused(path: str) -> Answer | None:
        """Whoever is nobody sends ten megabytes to nobody."""
        return None if websub.is_awaited(_token(path), app.store) else _said(410)

    most = app.plan.fetch.max_bytes
    return (
        Route(CALLBACKS, handle, methods=("GET", "POST"), below=True, most=most, refused=refused, rate=Rates.CALLBACK),
    )


def _asked(request: Request, app: App) -> Answer | None:
    """The challenge alone, as plain text: it is anybody's words."""
    said = websub.answer_of(_token(request.path), request.query, app.store, app.plan, app.clock())
    return None if said is None else Answer(200, PLAIN, said.encode())


def _pushed(request: Request, app: App) -> Answer:
    status, source = websub.take(_token(request.path), request.headers, request.body, app.store, app.clock())
    if source:
        app.tell(Pushed(source=source))
    return _said(status)


def _said(status: int) -> Answer:
    return Answer(status, (*PLAIN, *(_LATER if status == 503 else ())), _SAID[status])


def _token(path: str) -> str:
    return path.partition("/")[2]
