"""What readers get: the published folder over HTTP, and whether we are well.

address › files (cache, conditional, kinds) › app › server (connection)
"""

from syndicate.serve.app import create_app
from syndicate.serve.server import Server

__all__ = ["Server", "create_app"]
