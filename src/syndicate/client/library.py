"""The library that speaks HTTP, named here and nowhere else, so that another one is a change of these two lines.

httpx has had no release since the end of 2024; its successor has the same interface (`import httpcore2 as httpcore`,
`import httpx2 as httpx`), and the client's tests run over both.
"""

import sys

# httpx has a command line of its own, which brings rich and pygments: as long as it takes to import all the rest of it.
_COMMAND = "httpx._main"
if _COMMAND not in sys.modules:
    sys.modules[_COMMAND] = None  # type: ignore[assignment]  # Python's way to say that there is none: httpx bears that

import httpcore  # noqa: E402
import httpx  # noqa: E402

if sys.modules.get(_COMMAND) is None:
    sys.modules.pop(_COMMAND, None)

__all__ = ["httpcore", "httpx"]
