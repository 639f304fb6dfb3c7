"""The nouns' dataclasses do what the standard library's do."""

import dataclasses
import pickle
from dataclasses import field
from typing import Any

import pytest

from syndicate.model import Expire, FetchState, Item, Job, Plan, Repair, dataclass


def made(by: Any) -> tuple[type, type, type]:
    @by(frozen=True, slots=True)
    class None_:
        """Has no field."""

    @by(frozen=True, slots=True)
    class One:
        name: str

    @by(frozen=True, slots=True, kw_only=True)
    class Several:
        name: str
        inner: object = None
        apart: int = field(default=0, compare=False)
        hidden: int = field(default=0, repr=False)

    return None_, One, Several


def told(by: Any) -> list[object]:
    """What is asked of each of some values: its words, which it is equal to, and whether the hash says so, too."""
    none, one, several = made(by)
    found = [none(), none(), one("a"), one("a"), one("b"), several(name="a"), several(name="a", apart=1)]
    found += [several(name="a", hidden=1), several(name="a", inner=one("a")), several(name="a", inner=one("a"))]
    found.append(dataclasses.replace(found[-1], name="b"))
    words = [repr(each).replace(f"{made.__qualname__}.<locals>.", "") for each in found]
    equal = [[one == other for other in found] for one in found]
    assert equal == [[hash(one) == hash(other) and type(one) is type(other) for other in found] for one in found]
    return [*words, *equal, [dataclasses.asdict(each) for each in found], [cls.__match_args__ for cls in made(by)]]


def test_they_are_told_equal_hashed_and_replaced_alike() -> None:
    assert told(dataclass) == told(dataclasses.dataclass)


@pytest.mark.parametrize("noun", [Expire(), FetchState(source="amt", etag="x"), Item(title="t")])
def test_they_go_from_one_process_to_another(noun: object) -> None:
    assert pickle.loads(pickle.dumps(noun)) == noun


def test_those_without_a_field_are_equal_where_they_are_of_one_kind() -> None:
    jobs: list[Job] = [Expire(), Expire(), Repair()]
    assert [job == Expire() for job in jobs] == [True, True, False]
    assert Plan.__eq__ is object.__eq__  # each reading of the file is another one
