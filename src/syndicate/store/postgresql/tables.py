"""The tables, made where there are none and brought to what this program knows, under the names of SQLite's steps."""

from importlib import resources
from typing import TYPE_CHECKING

from syndicate.errors import StoreMissing, StoreUnusable
from syndicate.store.migrations import KNOWN

if TYPE_CHECKING:
    from syndicate.store.postgresql.connection import PostgreSQL

# What came after the tables were first written down: a step of SQLite's, and what it is here.
STEPS: dict[str, str] = {}
# What SQLite has not: the tables of the engine that carries jobs, as the version that we require has them. A second
# time they cannot be made, and a later version's are a step of their own.
_ENGINE = "postgresql: procrastinate 3.10"
_WAKES = "postgresql: wakes who waits"
OURS = {_ENGINE: ("procrastinate", "sql/schema.sql"), _WAKES: (__package__, "wakes.sql")}
_PLACE = (
    "SELECT nspname, current_schema() FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
    " WHERE pg_class.oid = to_regclass('migration')"
)
_STEPS_MADE = (
    'CREATE TABLE migration (name TEXT COLLATE "C" PRIMARY KEY, applied TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp())'
)


def bring_up_to_date(connection: "PostgreSQL", *, make: bool) -> None:
    """StoreMissing where there is no store and none is to be made; StoreUnusable where it is a later program's."""
    applied = _applied(connection)
    if applied is None and not make:
        raise StoreMissing(f"{connection.name}: there is no store; `syndicate run` makes it")
    connection.leases.begin()
    known = KNOWN | OURS.keys()
    if applied is None or known - applied:
        with connection.transaction():  # one of those that come at once does it
            applied = _applied(connection)
            if applied is None:
                _all(connection, _STEPS_MADE)
                _all(connection, resources.files(__package__).joinpath("tables.sql").read_text("utf-8"))
            for name in sorted(known - (applied or set())):
                _all(connection, _step(name, is_new=applied is None))
                connection.execute("INSERT INTO migration (name) VALUES (?)", (name,))
        applied = _applied(connection)
    if later := sorted((applied or set()) - known):
        raise StoreUnusable(
            f"{connection.name}: was last written by a newer version of syndicate ({', '.join(later)}); install that"
        )


def _step(name: str, *, is_new: bool) -> str:
    if name in OURS:
        package, path = OURS[name]
        return resources.files(package).joinpath(path).read_text("utf-8")
    return "" if is_new else STEPS.get(name, "")


def _applied(connection: "PostgreSQL") -> set[str] | None:
    """None: there is no store. StoreUnusable where it is found in another schema than the one that is written to.

    By that one's name all lock each other out; who comes to the same tables by another one would not.
    """
    if (place := connection.execute(_PLACE).fetchone()) is None:
        return None
    if place[0] != place[1]:
        raise StoreUnusable(
            f"{connection.name}: there are tables in the schema {place[0]}, but search_path begins with {place[1]};"
            f" let it begin with {place[0]} in [store] url, or name {place[1]} alone for a store of its own there"
        )
    return {name for (name,) in connection.execute("SELECT name FROM migration")}


def _all(connection: "PostgreSQL", statements: str) -> None:
    if statements.strip():
        connection.script(statements)
