"""A row in the place of the one that was there, as both databases write it."""

from collections.abc import Sequence


def put(table: str, columns: Sequence[str], key: Sequence[str], rows: int = 1) -> str:
    """INSERT so many rows; one that is there by this key has other values from then on."""
    places = ", ".join([f"({', '.join('?' * len(columns))})"] * rows)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places} {over(columns, key)}"  # noqa: S608 - ours


def over(columns: Sequence[str], key: Sequence[str]) -> str:
    """ON CONFLICT of a row that is there by this key: it has the values of the new one."""
    others = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return f"ON CONFLICT ({', '.join(key)}) DO {f'UPDATE SET {others}' if others else 'NOTHING'}"
