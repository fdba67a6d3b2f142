"""Clause packs: schema, loading and matching of signals."""
