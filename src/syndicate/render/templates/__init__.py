"""Templates: pages for people, and the styles."""

from jinja2 import Environment, PackageLoader, StrictUndefined

__all__ = ["environment"]

environment = Environment(
    loader=PackageLoader("syndicate", "render/templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    auto_reload=False,
)
