"""One writer a format: a parsed text in, the bytes of a real file out."""
