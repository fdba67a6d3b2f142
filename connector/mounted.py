"""Settings from files, one a file as orchestrators mount secrets: the folder is named by CROSSWALK_SECRETS_DIR."""

import os
from pathlib import Path

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource

from connector.refused import PREFIX

SECRETS_DIR = f"{PREFIX}SECRETS_DIR"


def secret_files(settings: type[BaseSettings]) -> PydanticBaseSettingsSource:
    """Return the source of values in files that are named like the variables; of nothing where no folder is named."""
    folder = os.environ.get(SECRETS_DIR, "")
    return SecretsSettingsSource(settings, secrets_dir=folder if folder and Path(folder).is_dir() else None)


def unusable_folder() -> str:
    """Say that the folder is none, "" where it is one or none is named."""
    folder = os.environ.get(SECRETS_DIR, "")
    if not folder or Path(folder).is_dir():
        return ""
    return f"Set {SECRETS_DIR} to a folder with one file a setting, such as {PREFIX}VAULT_KEY; {folder} is none."
