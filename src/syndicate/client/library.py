"""The library that speaks HTTP, named here and nowhere else, so that another one is a change of these two lines.

httpx has had no release since the end of 2024; its successor has the same interface (`import httpcore2 as httpcore`,
`import httpx2 as httpx`), and the client's tests run over both.
"""

import httpcore
import httpx

__all__ = ["httpcore", "httpx"]
