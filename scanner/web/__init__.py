"""The web page: this door is all that the command line needs."""

from scanner.web.site import build

__all__ = ["build"]
