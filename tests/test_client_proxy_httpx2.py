"""test_client_proxy.py over httpx2, the successor of httpx."""

from http_libraries import over_httpx2

globals().update(over_httpx2("test_client_proxy"))


def test_it_is_httpx2() -> None:
    assert globals()["Client"].__init__.__globals__["httpx"].__name__ == "httpx2"
