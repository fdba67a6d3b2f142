"""Every command a person types."""

from scanner.cli.main import main

__all__ = ["main"]
