"""Newsrooms' own feeds.

tokens      what a newsroom shows to be let in
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.rooms import tokens

__all__ = ["tokens"]

by_need(__name__, {})
