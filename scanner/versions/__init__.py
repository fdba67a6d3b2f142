"""Versions and days as people write them: read, ordered within a release line, and found in texts."""
