"""What operators are told, on an address of its own: how everything is, for people and for Prometheus.

hosts, made › app; page
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.operators.app import Access, create_app
    from syndicate.operators.hosts import is_meant
    from syndicate.operators.page import page_of

__all__ = ["Access", "create_app", "is_meant", "page_of"]

by_need(
    __name__,
    {
        "app": ("Access", "create_app"),
        "hosts": ("is_meant",),
        "page": ("page_of",),
    },
)
