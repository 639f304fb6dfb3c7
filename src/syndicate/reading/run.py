"""How a document's readers are called."""

from collections.abc import Callable
from typing import Any

Run = Callable[..., Any]  # calls a function with arguments, perhaps in another process: `Workers.run`
