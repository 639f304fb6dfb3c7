"""A package's door whose members are imported when somebody asks for them: a command needs a part of the house only.

    by_need(__name__, {"program": ("App", "WORKERS"), "status": ("state_of",)})

stands in the package's `__init__`: its modules (another room by its full name), and what the door names of each. Type
checkers read the imports beside it, below `if TYPE_CHECKING`; tests/test_layers.py holds both together.
"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any


class Door(ModuleType):
    """A package. A member keeps its name where a module of the package has the same one."""

    _members: Mapping[str, str]
    _modules: frozenset[str]

    def __getattr__(self, name: str) -> Any:
        home = self.home(name)
        if home is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        if name in self._modules:
            return import_module(f"{home}.{name}")
        member = self.__dict__[name] = getattr(import_module(home), name)
        return member

    def home(self, name: str) -> str | None:
        """Where a member is imported from, by its full name; None: this door has none such."""
        if name in self._modules:
            return self.__name__
        module = self._members.get(name)
        return module if module is None or "." in module else f"{self.__name__}.{module}"

    def __setattr__(self, name: str, value: object) -> None:
        """The import system puts each module that it has imported into its package: not over a member."""
        if not (isinstance(value, ModuleType) and name in self._members):
            super().__setattr__(name, value)


@dataclass(frozen=True, slots=True)
class ByName:
    """A function that is imported when it is called; pickled, it is its name."""

    module: str
    name: str

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return getattr(import_module(self.module), self.name)(*arguments, **named)


class Brief(ByName):
    """One that takes so little with what it is called with that it needs no process of its own."""


def by_need(package: str, members: Mapping[str, Iterable[str]]) -> None:
    """Make this package such a door, below its `__all__`.

    `members`: its modules, and the names that are imported of each. What `__all__` names besides is a module itself.
    """
    door: Any = sys.modules[package]
    door._members = {name: module for module, names in members.items() for name in names}
    door._modules = frozenset(door.__all__).difference(door._members)
    door.__class__ = Door
