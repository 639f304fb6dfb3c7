"""A site with all that the operators' page can tell of, and with a secret wherever one may be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from syndicate.app import App
from syndicate.config import load
from syndicate.model import Day, Poll

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
LONG = "Landesgesundheitsfachkräfteausbildungsverordnungsänderungsgesetz"
SECRET = "gehe1m"  # in each of them
CONFIG = f"""
[site]
title = "Pressestelle <Talland> & Söhne"
base_url = "https://presse.talland.example/"
tag = "presse.talland.example,2026"
[alarm]
mail = ["amt@talland.example"]
from = "syndicate@talland.example"
smtp = "smtp://post@127.0.0.1:1"
password = "{SECRET}"
[serve]
status_password = "{SECRET}-status-password"
[[webhook]]
url = "https://hooks.talland.example/{SECRET}?key={SECRET}"
secret = "{SECRET}{"0" * 32}"
[[source]]
id = "ordner"
path = "releases"
"""
SPEECH = "---\ntitle: Rede zum Forstjahr\nembargo: nach der Rede\n---\n\nEr geht.\n"
SOURCE = """
[[source]]
id = "{id}"
url = "https://leser:{secret}@{id}.talland.example/feed?token={secret}"
headers = {{ Authorization = "Bearer {secret}" }}
"""


@contextmanager
def site(folder: Path, sources: int = 4) -> Iterator[App]:
    """Nothing needs a person."""
    urls = (SOURCE.format(id=f"amt-{number}", secret=SECRET) for number in range(sources))
    (folder / "config.toml").write_text(CONFIG + "".join(urls), "utf-8")
    releases = folder / "releases"
    releases.mkdir()
    for number in range(6):
        head = (
            f"title: Meldung {number} zur {LONG}\ntopic: {'Wald' if number % 2 else LONG}\ndate: 2026-05-0{number + 1}"
        )
        (releases / f"{number}.md").write_text(f"---\n{head}\n---\n\nEin Text über {number}.\n", "utf-8")
    (releases / "e.md").write_text("---\ntitle: Haushalt <b>\nembargo: 2099-01-02 10:00\n---\n\nEin Text.\n", "utf-8")
    with App(load(folder / "config.toml"), clock=lambda: NOW) as app:
        app.prepare()
        app.run(Poll("", ("ordner",)))
        app.publish()
        lived(app)
        yield app


def lived(app: App) -> None:
    """Each source was asked for forty days; number 1 brought nothing, number 2 failed now and then."""
    with app.store.transaction():
        for place, source in enumerate(source for source in app.plan.sources if source.url):
            for back in reversed(range(40)):
                at = NOW - timedelta(days=back)
                state = replace(
                    app.store.sources.state(source.id),
                    last_attempt=at,
                    last_success=at,
                    next_poll=at + timedelta(hours=1),
                    delivered=(at,),
                    configured=source.url,
                )
                came = Day(at.date().isoformat(), 24, int(place % 4 == 2), 0 if place % 4 == 1 else back % 4, 1, 0)
                app.store.sources.save(state, came)


def ailing(app: App) -> None:
    """Whatever can be wrong."""
    store = app.store
    fault = f"https://amt-0.talland.example/feed: answered 503 <script>alert(1)</script> {LONG}"
    with store.transaction():
        for name, values in {"amt-0": {"failures": 3, "error": fault}, "amt-1": {"gone": True, "error": "410"}}.items():
            store.sources.save(replace(store.sources.state(name), **values))  # type: ignore[arg-type]
        for kind, about in (("silent", "amt-2"), ("fewer", "amt-3"), ("clock", ""), ("newsroom", "Tag & Blatt")):
            store.alarms.ring(kind, about, f"{about} {kind}: so it is", NOW)
        store.alarms.ring("publish", "", "feeds/all.atom: cannot be written: No space left on device", NOW)
        (hook,) = app.plan.webhooks
        store.webhooks.failed(hook.url, "answered 500", NOW + timedelta(minutes=4), NOW - timedelta(hours=2))
    folder = app.plan.path.parent / "releases"
    (folder / "kaputt.md").write_text("---\ntitle: [\n---\n\nEin Text.\n", "utf-8")
    (folder / "rede.md").write_text(SPEECH, "utf-8")
    app.run(Poll("", ("ordner",), "named"))
