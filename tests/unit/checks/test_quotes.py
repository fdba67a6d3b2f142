"""Quotes: verbatim, short, around the cue, and free of what looks like a secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.checks.quotes import holds_secret, quote_of
from scanner.model.verdict import MAX_QUOTE_CHARS


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Sign in as admin with password: Tr0ub4dor and change it at once.", "Tr0ub4dor"),
        ("The default password is hunter22, change it at once after setup.", "hunter22"),
        ("Set api_key = 9f8e7d6c5b4a and restart the import service.", "9f8e7d6c5b4a"),
        ("Use the token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9 for tests only.", "eyJhbGciOiJIUzI1NiJ9"),
        ("Write to jane.doe@hospital.example when the certificate expires.", "jane.doe@hospital.example"),
        ("Clone https://bot:s3cr3t@git.example/x.git on the server first.", "bot:s3cr3t@"),
        ("The key AKIAIOSFODNN7EXAMPLE must be rotated every 90 days.", "AKIAIOSFODNN7EXAMPLE"),
        (f"Send cw_{'0a' * 32} as the bearer and the list comes back.", "0a0a0a"),
        ("Das Kennwort lautet Sommer2026! und ist sofort zu ändern.", "Sommer2026!"),
    ],
)
def test_a_quote_never_holds_a_credential(text: str, secret: str) -> None:
    quote = quote_of(text)
    assert secret not in quote
    assert quote in text
    assert holds_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "The password must have at least 12 characters.",
        "Set password: required in the profile.",
        "Passwords expire after 90 days; the token lifetime is 3600 seconds.",
    ],
)
def test_rules_about_credentials_may_be_quoted(text: str) -> None:
    assert quote_of(text) == text


def test_a_long_passage_is_quoted_around_its_cue() -> None:
    text = "Some words come first. " * 40 + "Rotate the certificate every year." + " More words follow here." * 40
    start = text.index("Rotate")
    quote = quote_of(text, around=(start, start + 6))
    assert "Rotate the certificate every year." in quote
    assert len(quote) <= MAX_QUOTE_CHARS
    assert quote in text


def test_nothing_is_quoted_where_all_is_secret() -> None:
    assert quote_of("jane.doe@hospital.example") == ""


@given(st.text(max_size=1200), st.data())
def test_every_quote_stands_in_its_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = quote_of(text, start=start, end=end)
    assert quote in text[start:end]
    assert len(quote) <= MAX_QUOTE_CHARS
