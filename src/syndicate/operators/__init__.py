"""What operators are told, on an address of its own: how everything is, for people and for Prometheus.

hosts, made › app; pictures, gather › page
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.operators.app import Access, create_app
    from syndicate.operators.gather import MOST
    from syndicate.operators.hosts import is_meant
    from syndicate.operators.made import Made
    from syndicate.operators.page import page_of, page_without_store
    from syndicate.operators.pictures import days_until, picture, summed, words

__all__ = [
    "MOST",
    "Access",
    "Made",
    "create_app",
    "days_until",
    "is_meant",
    "page_of",
    "page_without_store",
    "picture",
    "summed",
    "words",
]

by_need(
    __name__,
    {
        "app": ("Access", "create_app"),
        "gather": ("MOST",),
        "hosts": ("is_meant",),
        "made": ("Made",),
        "page": ("page_of", "page_without_store"),
        "pictures": ("days_until", "picture", "summed", "words"),
    },
)
