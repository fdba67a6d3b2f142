"""Turns pages of files into candidates, verdicts, gaps and one honest email."""
