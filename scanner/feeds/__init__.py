"""Public lists of tags and releases: which address may be asked, how it is asked, and what it answers."""
