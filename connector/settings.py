"""What an operator can set about Google, the vault and the limits; values come from the environment."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from connector.mounted import SECRETS_DIR, secret_files
from connector.refused import PREFIX

ADDRESS = "an https:// address (http:// only on this machine)"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ConnectorSettings(BaseSettings):
    """Google's addresses are settings, so that any Google-speaking server can stand in."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    google_client_id: str = ""
    google_client_secret: SecretStr = SecretStr("")
    google_api_root: str = Field(default="https://www.googleapis.com", description=ADDRESS)
    google_auth_url: str = Field(default="https://accounts.google.com/o/oauth2/v2/auth", description=ADDRESS)
    google_token_url: str = Field(default="https://oauth2.googleapis.com/token", description=ADDRESS)
    google_revoke_url: str = Field(default="https://oauth2.googleapis.com/revoke", description=ADDRESS)
    google_certs_url: str = Field(
        default="https://www.googleapis.com/oauth2/v3/certs", description=ADDRESS
    )  # keys that id tokens are signed with (JWKS)

    google_service_account_file: Path | None = None  # for companies: its key as Google gives it, readable by us alone

    push_url: str = Field(
        default="", description="the https:// address that Google reaches this Crosswalk at, without ?, # and @"
    )  # for hints that something changed; "" for none

    vault_key: SecretStr | None = None  # 32 random bytes in base64; older keys after commas
    vault_key_file: Path = Path("vault.key")  # made where no key is set

    page_size: int = Field(default=1000, ge=1, le=1000)  # files.list's own limits
    streams: int = Field(default=8, ge=1, le=16)  # listings of one connection side by side
    google_user_units_per_minute: int = Field(default=325_000, ge=1_000)  # Google's limits for one person and
    google_project_units_per_minute: int = Field(default=1_000_000, ge=1_000)  # for all persons of one project
    max_file_mb: int = Field(default=100, ge=1, le=2048)  # a larger file is not fetched, and said to be unchecked
    max_in_flight_mb: int = Field(default=512, ge=1)  # of files that are read at the same time; more of them wait
    read_abusive_files: bool = False  # fetch what Google holds for malware or spam too; its reader is isolated
    call_timeout: float = Field(default=60.0, gt=0)  # seconds without an answer from Google
    call_attempts: int = Field(default=6, ge=1, le=12)  # of one call, waits between them growing up to 64 s

    @field_validator("google_api_root", "google_auth_url", "google_token_url", "google_revoke_url", "google_certs_url")
    @classmethod
    def _trustworthy(cls, value: str) -> str:
        """Tokens travel to these addresses: in the clear only within this machine."""
        parts = urlsplit(value)
        if parts.scheme == "https" and parts.hostname:
            return value.rstrip("/")
        if parts.scheme == "http" and parts.hostname in LOOPBACK:
            return value.rstrip("/")
        raise ValueError(ADDRESS)

    @field_validator("push_url")
    @classmethod
    def _reachable(cls, value: str) -> str:
        """A path is put behind it; and hints carry their token, so Google sends them over https only."""
        if set(value) & set("?#@"):
            raise ValueError(ADDRESS)
        return cls._trustworthy(value) if value else ""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- knows its folder when the class is made
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let arguments go before the environment, and that before secret files."""
        return init_settings, env_settings, dotenv_settings, secret_files(settings_cls)

    @property
    def configured(self) -> bool:
        """Tell whether an OAuth client is set."""
        return bool(self.google_client_id and self.google_client_secret.get_secret_value())


def setting_names() -> frozenset[str]:
    """Return the environment variables that the connector reads."""
    return frozenset(f"{PREFIX}{name.upper()}" for name in ConnectorSettings.model_fields) | {SECRETS_DIR}
