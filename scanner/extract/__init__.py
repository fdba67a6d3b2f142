"""Bytes into documents, in isolated processes."""
