"""The JSON API: this door is all that the site needs."""

from scanner.web.api.assembled import PLACE, build_api

__all__ = ["PLACE", "build_api"]
