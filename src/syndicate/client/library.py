"""The library that speaks HTTP, named here and nowhere else, so that another one is a change of these two lines.

httpx has had no release since the end of 2024; its successor has the same interface (`import httpcore2 as httpcore`,
`import httpx2 as httpx`), and the client's tests run over both.
"""

import sys

# What they import where it is there, and what is nothing to us: a command line, with rich and pygments, and what
# carries asynchronous requests. It takes longer to import than all the rest of them.
_WITHOUT = [name for name in ("httpx._main", "anyio", "trio") if name not in sys.modules]
for _name in _WITHOUT:
    sys.modules[_name] = None  # type: ignore[assignment]  # Python's way to say that there is none: they bear that

import httpcore  # noqa: E402
import httpx  # noqa: E402

for _name in _WITHOUT:
    sys.modules.pop(_name, None)

__all__ = ["httpcore", "httpx"]
