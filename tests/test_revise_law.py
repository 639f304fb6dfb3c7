"""Law 41: reading is idempotent.

After any history, a document read twice, or an unchanged entry in other company, makes no release and corrects none.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from histories import SOURCE, Entry, Shelf, news, poll
from syndicate.model import Source

MINUTES = timedelta(minutes=10)
RUN = "Die Gemeinde baut zwischen Ober- und Unterwiesen einen Weg, der im Herbst fertig wird und vier Brücken hat."
TEXTS = (
    RUN,
    f"Neu: {RUN}",
    f"{RUN} Der Minister war da.",
    "Ganz anderes steht hier, von Eichen und Ahorn im Bergwald und von der Trockenheit.",
    "Kurz.",
)
IDS = (None, "a1", "a2", "latest", "https://amt.example/weg#2")
LINKS = (None, "https://amt.example/weg", "https://amt.example/wald")
TITLES = ("Der Weg kommt", "Der neue Weg kommt", "Eichen im Bergwald")
DATES = (None, "2026-05-01T10:00:00+02:00", "2026-05-01T12:00:00+02:00")


def entries() -> st.SearchStrategy[Entry]:
    texts = st.sampled_from(TEXTS) | st.builds("{} Aufrufe: {}".format, st.sampled_from(TEXTS), st.integers(1, 9))
    return st.builds(
        Entry,
        title=st.sampled_from(TITLES),
        text=texts,
        id=st.sampled_from(IDS),
        link=st.sampled_from(LINKS),
        date=st.sampled_from(DATES),
        updated=st.sampled_from(DATES),
        kicker=st.sampled_from((None, "Wald", "Bau")),
        categories=st.sampled_from(((), ("Umwelt",))),
        authors=st.sampled_from(((), ("Amt",), ("Presse",))),
    )


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[list[Entry]], list[Entry]]:
    """A history of documents, and the last one. Their entries come from one small stock, so they come again."""
    stock = st.sampled_from(draw(st.lists(entries(), min_size=1, max_size=6)))
    documents = st.lists(stock, max_size=4)
    return draw(st.lists(documents, max_size=6)), draw(documents)


def lived(history: Sequence[Sequence[Entry]], pause: timedelta, source: Source = SOURCE) -> Shelf:
    shelf = Shelf(source)
    for document in history:
        poll(shelf, document)
        shelf.tick(pause)
    return shelf


PAUSES = st.sampled_from((MINUTES, timedelta(hours=2), timedelta(days=2)))


@settings(deadline=None)
@given(life=lives(), pause=PAUSES)
def test_a_document_read_twice(life: tuple[list[list[Entry]], list[Entry]], pause: timedelta) -> None:
    history, last = life
    shelf = lived(history, pause)
    poll(shelf, last)
    for _ in range(3):
        shelf.now += MINUTES
        assert news(poll(shelf, last)) == []


SOURCES = st.builds(
    lambda identity, update: replace(SOURCE, identity=identity, update=update),
    st.sampled_from(("id", "link", "(weg|[0-9])", "(.)$")),
    st.sampled_from(("correct", "quiet", "ignore")),
)


@settings(deadline=None)
@given(life=lives(), pause=PAUSES, source=SOURCES, data=st.data())
def test_under_each_identity(
    life: tuple[list[list[Entry]], list[Entry]], pause: timedelta, source: Source, data: st.DataObject
) -> None:
    history, last = life
    shelf = lived(history, pause, source)
    poll(shelf, last)
    shelf.now += MINUTES
    assert news(poll(shelf, last)) == []
    some = data.draw(st.lists(st.sampled_from(last), max_size=4) if last else st.just([]))
    assert news(poll(shelf, some)) == []


@settings(deadline=None)
@given(life=lives(), pause=PAUSES, data=st.data())
def test_an_entry_in_other_company(
    life: tuple[list[list[Entry]], list[Entry]], pause: timedelta, data: st.DataObject
) -> None:
    history, last = life
    shelf = lived(history, pause)
    poll(shelf, last)
    for _ in range(2):
        shelf.now += MINUTES
        some = data.draw(st.lists(st.sampled_from(last), max_size=4) if last else st.just([]))
        assert news(poll(shelf, some)) == []


@settings(deadline=None)
@given(life=lives())
def test_what_waits_comes_to_rest(life: tuple[list[list[Entry]], list[Entry]]) -> None:
    """No release is made at each poll, and no entry corrected for ever, by a poll or by the clock."""
    history, last = life
    shelf = lived(history, MINUTES)
    poll(shelf, last)
    held, told = len(shelf.releases), 0
    for _ in range(8):
        told += len(news(shelf.tick(timedelta(hours=13))))
        told += len(news(poll(shelf, last)))
    assert len(shelf.releases) == held
    assert told <= held
