"""The web page: this door is all that others need."""

from scanner.web.listening import listening
from scanner.web.site import build

__all__ = ["build", "listening"]
