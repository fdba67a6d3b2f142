"""No mail carries a credential."""

import pytest

from scanner.model.gap import DriftKind, FileRef
from scanner.notify.letter import Part
from scanner.notify.masking import masked
from scanner.notify.message import Envelope, write
from tests.report_builders import a_drift, a_pack, a_report


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("The default password is Adm1n!42 and must be changed.", "Adm1n!42"),
        ("Password: hunter2", "hunter2"),
        ("password=hunter2;user=anna", "hunter2"),
        ("The password is “hunter2”.", "hunter2"),
        ("Das Passwort lautet Geheim123.", "Geheim123"),
        ("A senha é Segredo9", "Segredo9"),
        ("API key: 9f8e7d6c5b", "9f8e7d6c5b"),
        ("Service PIN: 4711", "4711"),
        ("postgresql://crosswalk:s3cret@db/x", "s3cret"),
        ("https://anna:s3cret@intranet.example/page", "s3cret"),
        ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "ghp_abcdef"),
        ("glpat-abcdefghij0123456789", "glpat-abc"),
        (f"Our own token is cw_{'0a' * 32}.", "cw_0a"),
        ("AIzaSyA-abcdefghijklmnopqrstuvwxyz01234", "AIzaSyA"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "eyJhbGci"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "MIIEow"),
    ],
)
def test_what_looks_like_a_credential_is_masked(text: str, secret: str) -> None:
    assert secret not in masked(text)
    assert "•••" in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "Change the default password before first use; passwords have at least 12 characters.",
        "Tokens are kept in the vault.",
        "default accounts and passwords, periodic review of accounts",
        "https://drive.google.com/file/d/x/view?usp=drivesdk&resourcekey=0-abc",
        "PulseView Security Guide.docx",
    ],
)
def test_what_speaks_of_credentials_stays(text: str) -> None:
    assert masked(text) == text


def test_a_mail_masks_them_in_names_reasons_and_quotes_alike() -> None:
    secret = "password: hunter2"
    file = FileRef(id="f", name=f"{secret}.txt", path=secret, link="https://drive.google.com/d/f", owner=secret)
    drift = a_drift(DriftKind.LOST, reason=f"Guide says {secret}", file=file, old_quote=secret)
    report = a_report(product=secret, drift=(drift,), since=a_report().created_at)
    mail = write([Part(report=report, pack=a_pack(), quotes=True)], Envelope(id="m", to="anna@maker.example"))
    for part in (mail.subject, mail.text, mail.html):
        assert "hunter2" not in part
    assert "https://drive.google.com/d/f" in mail.text
