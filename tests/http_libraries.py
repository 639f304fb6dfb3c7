"""A test module of the client, with the client made anew of httpx2 and httpcore2 in the place of httpx and httpcore."""

import importlib
import sys
from typing import Any

import httpcore2
import httpx2

import syndicate

OTHER = {"httpx": httpx2, "httpcore": httpcore2}


def over_httpx2(name: str) -> dict[str, Any]:
    """What the module holds then: its tests and fixtures. Nobody else's modules are touched."""
    told = {**sys.modules}
    for module in filter(_anew, told):
        del sys.modules[module]
    sys.modules |= OTHER
    try:
        return {key: value for key, value in vars(importlib.import_module(name)).items() if not key.startswith("__")}
    finally:
        for module in filter(_anew, {**sys.modules}):
            del sys.modules[module]
        sys.modules |= {module: found for module, found in told.items() if _anew(module)}
        if found := told.get("syndicate.client"):
            syndicate.client = found  # type: ignore[attr-defined]


_ANEW = {*OTHER, "test_client", "test_client_hops", "test_client_post", "test_client_proxy"}


def _anew(module: str) -> bool:
    return module in _ANEW or module.startswith("syndicate.client")
