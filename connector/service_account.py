"""A company's service account: its key file, read where it is needed and kept nowhere else."""

import json
import stat
from dataclasses import dataclass, field
from typing import Any

from google.auth import crypt
from google.auth.exceptions import MalformedError

from connector.errors import SourceRefused
from connector.settings import ConnectorSettings

SETTING = "CROSSWALK_GOOGLE_SERVICE_ACCOUNT_FILE"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccountKey:
    """What signs in the service account's name."""

    email: str
    signer: Any = field(repr=False)


def key_of(settings: ConnectorSettings) -> ServiceAccountKey:
    """Read the key file that the settings name. Raises SourceRefused; nothing of the key stands in its text."""
    file = settings.google_service_account_file
    if file is None:
        raise SourceRefused(f"Set {SETTING} to the service account's key file (JSON, as Google gives it).")
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise SourceRefused(f"Others can read the service account's key in {file}: run `chmod 600 {file}`.")
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceRefused(f"The service account's key in {file} cannot be read ({type(error).__name__}).") from error
    return _read(text, str(file))


def _read(text: str, file: str) -> ServiceAccountKey:
    try:
        info = json.loads(text)
        return ServiceAccountKey(
            email=str(info["client_email"]),
            signer=crypt.RSASigner.from_service_account_info(info),  # type: ignore[no-untyped-call]  # no types
        )
    except (ValueError, KeyError, TypeError, MalformedError):
        # NOTE: not chained: the parser's own words could quote the key.
        raise SourceRefused(f"{file} is not a service account's key file (JSON, as Google gives it).") from None
