"""What is said about settings that cannot be used: one sentence, the variable, what to set it to."""

import base64
from pathlib import Path

import pytest

from connector import ConnectorError
from scanner.app import App
from scanner.settings import SettingsError, load, unknown


def connector(home: Path) -> object:
    app = App(load(home=home))
    try:
        return app.connector
    finally:
        app.close()


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("SLOTS", "many", "Set CROSSWALK_SLOTS to a whole number from 1 to 64; it is 'many'."),
        ("SLOTS", "65", "Set CROSSWALK_SLOTS to a whole number from 1 to 64; it is '65'."),
        ("LEASE_SECONDS", "1", "Set CROSSWALK_LEASE_SECONDS to a number from 5 to 600; it is '1'."),
        ("PORT", "80.5", "Set CROSSWALK_PORT to a whole number from 0 to 65535; it is '80.5'."),
        (
            "TIMEZONE",
            "Berlin",
            "Set CROSSWALK_TIMEZONE to an IANA time zone such as Europe/Berlin; it is 'Berlin'.",
        ),
        ("SMTP_SECURITY", "ssl", "Set CROSSWALK_SMTP_SECURITY to starttls, tls or none; it is 'ssl'."),
        (
            "SMTP_HOST",
            "a b",
            (
                "Set CROSSWALK_SMTP_HOST to a mail server's name such as smtp.example.com; its port is "
                "CROSSWALK_SMTP_PORT; it is 'a b'."
            ),
        ),
        (
            "SMTP_FROM",
            "me",
            "Set CROSSWALK_SMTP_FROM to one email address such as crosswalk@example.com; it is 'me'.",
        ),
        (
            "BASE_URL",
            "localhost:8765",
            (
                "Set CROSSWALK_BASE_URL to how browsers reach the page, such as https://crosswalk.example.com without "
                "a path; it is 'localhost:8765'."
            ),
        ),
        (
            "HOST",
            "",
            "Set CROSSWALK_HOST to an address of this machine such as 127.0.0.1, or 0.0.0.0 for all; it is ''.",
        ),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_in_our_own_words(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"CROSSWALK_{variable}", value)
    with pytest.raises(SettingsError) as caught:
        load()
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        (
            "GOOGLE_API_ROOT",
            "googleapis.com",
            (
                "Set CROSSWALK_GOOGLE_API_ROOT to an https:// address (http:// only on this machine); it is "
                "'googleapis.com'."
            ),
        ),
        ("STREAMS", "0", "Set CROSSWALK_STREAMS to a whole number from 1 to 16; it is '0'."),
        ("CALL_TIMEOUT", "0", "Set CROSSWALK_CALL_TIMEOUT to a number above 0; it is '0'."),
        (
            "GOOGLE_USER_UNITS_PER_MINUTE",
            "9",
            "Set CROSSWALK_GOOGLE_USER_UNITS_PER_MINUTE to a whole number of at least 1000; it is '9'.",
        ),
    ],
)
def test_the_connectors_settings_are_refused_in_the_same_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"CROSSWALK_{variable}", value)
    with pytest.raises(ConnectorError) as caught:
        connector(tmp_path)
    assert str(caught.value) == sentence


def test_a_secret_that_cannot_be_used_is_never_repeated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CROSSWALK_VAULT_KEY", "hunter2hunter2")
    with pytest.raises(ConnectorError, match="Set CROSSWALK_VAULT_KEY to 32 random bytes") as caught:
        connector(tmp_path)
    assert "hunter2" not in str(caught.value)


def test_a_variable_that_is_no_setting_is_named_with_the_one_that_was_meant() -> None:
    names = ["CROSSWALK_SLOT", "CROSSWALK_GOOGLE_CLIENTID", "CROSSWALK_QQ", "CROSSWALK_PORT", "crosswalk_port", "PATH"]
    assert unknown(names) == (
        "CROSSWALK_GOOGLE_CLIENTID is no setting of Crosswalk; did you mean CROSSWALK_GOOGLE_CLIENT_ID?",
        "CROSSWALK_QQ is no setting of Crosswalk; config/defaults.toml lists every setting.",
        "CROSSWALK_SLOT is no setting of Crosswalk; did you mean CROSSWALK_SLOTS?",
    )


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, "http://127.0.0.1:8765"),
        ({"PORT": "9000"}, "http://127.0.0.1:9000"),
        ({"HOST": "0.0.0.0", "PORT": "9000"}, "http://127.0.0.1:9000"),  # noqa: S104 -- a setting of the test
        ({"HOST": "::1"}, "http://[::1]:8765"),
        ({"HOST": "box.local"}, "http://box.local:8765"),
        ({"PORT": "9000", "BASE_URL": "https://crosswalk.example.com"}, "https://crosswalk.example.com"),
    ],
)
def test_the_pages_address_follows_host_and_port_unless_it_is_set(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], address: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(f"CROSSWALK_{name}", value)
    assert load().base_url == address


def test_a_setting_may_be_a_file_of_its_name_and_the_environment_goes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    key = base64.b64encode(bytes(32)).decode()
    for name, value in (("VAULT_KEY", key), ("SMTP_PASSWORD", "hunter2"), ("SMTP_USER", "anna"), ("PORT", "9000")):
        (secrets / f"CROSSWALK_{name}").write_text(f"{value}\n")
    monkeypatch.setenv("CROSSWALK_SECRETS_DIR", str(secrets))
    monkeypatch.setenv("CROSSWALK_PORT", "9001")
    settings = load(home=tmp_path)
    assert (settings.smtp_password.get_secret_value(), settings.smtp_user, settings.port) == ("hunter2", "anna", 9001)
    crosswalk = App(settings)
    assert crosswalk.connector.keys_are_set
    crosswalk.close()
    assert not (tmp_path / "vault.key").exists()
    assert unknown(["CROSSWALK_SECRETS_DIR"]) == ()


def test_a_folder_of_secrets_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSWALK_SECRETS_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError, match="Set CROSSWALK_SECRETS_DIR to a folder with one file a setting"):
        load()
