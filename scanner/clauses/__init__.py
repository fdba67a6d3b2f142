"""Clause packs: what a clause asks, how evidence shows itself, and which files may hold it."""
