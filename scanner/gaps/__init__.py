"""Verdicts into gaps and drift; all pure."""
