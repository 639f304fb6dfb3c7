"""What every step is made with."""

from sqlite_utils import Database, Migrations

migrations = Migrations("syndicate")


def execute(db: Database, statements: str) -> None:
    """Each of them, within the transaction of the step."""
    for statement in statements.split(";\n"):
        # Not executescript: that would commit the transaction we are in.
        if statement.strip():
            db.execute(statement)
