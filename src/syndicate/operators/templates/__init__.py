"""The operators' page: its template and its style."""

from jinja2 import Environment, PackageLoader, StrictUndefined

__all__ = ["environment"]

environment = Environment(
    loader=PackageLoader("syndicate", "operators/templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
