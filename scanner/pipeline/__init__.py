"""The story: sync, scan, review, summarize."""
