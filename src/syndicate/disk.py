"""Whether a folder can be written, found by writing in it: rights, mounts, quotas and a full disk tell themselves."""

import os
import tempfile
from pathlib import Path

_ROOM = 256 * 1024  # bytes: what a small publish or a transaction takes


def unwritable(folder: Path) -> str | None:
    """Why nothing can be written there, or where it is to be made; None where it can. Leaves nothing behind."""
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    if not os.path.isdir(folder):
        return f"{folder} is no folder"
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_ROOM))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error.strerror or str(error)
    return None
