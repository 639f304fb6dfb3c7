"""Who is asked next: the one that has waited for longest and whose host has a place, whatever came before."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from syndicate.polling import Queue

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOURCES = [f"s{n}" for n in range(8)]
HOSTS = st.sampled_from(["a.example", "b.example", None])
STEPS = st.one_of(
    st.tuples(st.just("put"), st.sampled_from(SOURCES), HOSTS, st.integers(0, 5)),
    st.tuples(st.just("take"), st.integers(1, 3)),
    st.tuples(st.just("end"), st.integers(0, 7)),
    st.tuples(st.just("begin"), st.sampled_from(SOURCES), HOSTS),
)


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


@given(st.lists(STEPS, max_size=40))
def test_it_does_what_a_look_at_all_of_them_would(steps: list[tuple[object, ...]]) -> None:
    queue, waiting, under_way = Queue(), dict[str, tuple[datetime, str | None]](), dict[str, str | None]()
    for step in steps:
        match step:
            case ("put", str(source), host, int(minutes)):
                queue.put(source, host, after(minutes), paced=False)  # type: ignore[arg-type]
                if source not in waiting and source not in under_way:
                    waiting[source] = (after(minutes), host)  # type: ignore[assignment]
            case ("take", int(places)):
                free = [
                    (since, source)
                    for source, (since, host) in waiting.items()
                    if host is None or [*under_way.values()].count(host) < places
                ]
                # Who had no place while a host had few of them is looked at when one of its polls ends.
                found = queue.take(places)
                if found is None:
                    assert not [s for _, s in free if waiting[s][1] not in under_way.values()]
                else:
                    source, host = found
                    assert (waiting[source][0], source) in free
                    assert waiting.pop(source)[1] == host
                    under_way[source] = host
            case ("end", int(number)) if under_way:
                ended = sorted(under_way)[number % len(under_way)]
                queue.end(ended)
                del under_way[ended]
            case ("begin", str(source), host) if source not in under_way:
                queue.begin(source, host)  # type: ignore[arg-type]
                waiting.pop(source, None)
                under_way[source] = host  # type: ignore[assignment]
        assert len(queue) == len(waiting)
        assert {source for source in SOURCES if source in queue} == waiting.keys() | under_way.keys()
        assert {source for source in SOURCES if queue.is_under_way(source)} == under_way.keys()


def test_who_has_waited_for_longest_is_next_and_a_slow_server_keeps_no_more_than_its_places() -> None:
    queue = Queue()
    for n in range(100):
        queue.put(f"slow{n:02}", "slow.example", after(n))
    for n in range(3):
        queue.put(f"quick{n}", f"quick{n}.example", after(200 + n))
    queue.put("folder", None, after(300))
    asked = [queue.take(2) for _ in range(8)]
    assert [found and found[0] for found in asked] == [
        *("slow00", "slow01", "quick0", "quick1", "quick2", "folder"),
        *(None, None),
    ]
    queue.end("slow01")
    queue.tick()
    assert [queue.take(2), queue.take(2)] == [("slow02", "slow.example"), None]


def test_with_a_server_of_others_no_more_than_its_places_are_begun_in_a_second() -> None:
    """However quick it answers; one in the house is asked as fast as it can."""
    queue = Queue()
    for n in range(5):
        queue.put(f"public{n}", "portal.example", after(n))
        queue.put(f"house{n}", "intranet.example", after(n), paced=False)

    def begun() -> list[str]:
        """All that are begun where each is answered at once."""
        found = list[str]()
        while given := queue.take(2):
            queue.end(given[0])
            found.append(given[0])
        return found

    assert begun() == ["house0", "public0", "house1", "public1", *(f"house{n}" for n in (2, 3, 4))]
    queue.tick()
    assert begun() == ["public2", "public3"]
    assert begun() == []
    queue.tick()
    queue.tick()
    assert begun() == ["public4"]
