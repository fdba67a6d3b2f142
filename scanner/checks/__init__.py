"""Ways of judging a document."""
