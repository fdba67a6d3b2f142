"""Typed settings: values from config/defaults.toml, gone before by the environment."""

from collections.abc import Iterable
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from connector import refused, secret_files, unusable_folder
from connector import setting_names as connector_names

PREFIX = "CROSSWALK_"
EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 -- as hosts to listen at


class SettingsError(Exception):
    """A setting that cannot be used; its text says which, and what to change."""


def config_dir() -> Path:
    """Return the folder of defaults and clause packs: inside an installed package, or beside it in a checkout."""
    packaged = Path(__file__).parent / "config"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "config"


class Settings(BaseSettings):
    """What an operator can set; see config/defaults.toml for the meaning of each."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, toml_file=config_dir() / "defaults.toml", extra="ignore", frozen=True
    )

    home: Path
    database_url: str
    clauses: str
    base_url: str = Field(
        pattern=r"^https?://[^/\s]+$",
        description="how browsers reach the page, such as https://crosswalk.example.com without a path",
    )
    host: str = Field(pattern=r"^\S+$", description="an address of this machine such as 127.0.0.1, or 0.0.0.0 for all")
    port: int = Field(ge=0, le=65535)
    trusted_proxies: str = Field(description="addresses or networks with commas between them: 127.0.0.1, 10.0.0.0/8")
    sign_in_per_minute: int = Field(ge=0, le=10_000)
    address_per_minute: int = Field(ge=0, le=1_000_000)
    token_per_minute: int = Field(ge=0, le=1_000_000)
    trail_days: int = Field(ge=1, le=3650)
    slots: int = Field(ge=1, le=64)
    per_connection: int = Field(ge=1, le=64)
    lease_seconds: float = Field(ge=5, le=600)
    max_attempts: int = Field(ge=1, le=20)
    grace_seconds: float = Field(ge=0, le=600)
    readers: int = Field(ge=0, le=64)
    read_seconds: float = Field(ge=1, le=3600)
    read_memory_mb: int = Field(ge=256, le=65536)
    pdf_reader: Literal["auto", "fast", "careful"]
    ocr: str = Field(
        pattern=r"^([a-z_A-Z]{2,20}(\+[a-z_A-Z]{2,20}){0,9})?$", description="Tesseract's languages such as eng+deu"
    )
    office: str = Field(pattern=r"^(/\S.*)?$", description="LibreOffice's program such as /usr/bin/soffice")
    night_hour: int = Field(ge=0, le=23)
    night_minute: int = Field(ge=0, le=59)
    timezone: str = Field(description="an IANA time zone such as Europe/Berlin")
    jitter_seconds: int = Field(ge=0, le=14400)
    walk_days: int = Field(ge=1, le=90)
    slice_pages: int = Field(ge=1, le=100_000)
    hint_seconds: float = Field(ge=0, le=86400)
    feed_hosts: str = Field(
        pattern=r"^[^\s/@]*( *, *[^\s/@]+)*$", description="hosts with commas between them: git.example.com, 10.0.0.5"
    )
    outage_hours: float = Field(ge=0, le=168)
    smtp_host: str = Field(
        pattern=r"^([^\s/@:]*|[0-9a-fA-F:.]+)$",
        description="a mail server's name such as smtp.example.com; its port is CROSSWALK_SMTP_PORT",
    )
    smtp_port: int = Field(ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"]
    smtp_user: str
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = Field(
        pattern=r"^[^\s@<>]+@[^\s@<>]+$", description="one email address such as crosswalk@example.com"
    )
    log_style: Literal["text", "json"]
    log_level: Literal["debug", "info", "warning", "error"]
    metrics_port: int = Field(ge=0, le=65535)
    metrics_host: str = Field(pattern=r"^\S+$", description="an address of this machine such as 127.0.0.1")
    judge: Literal["local", "llm"]
    llm_url: str
    llm_model: str
    llm_key: SecretStr = SecretStr("")
    llm_text_may_go_to: str
    llm_seconds: float = Field(ge=1, le=600)
    llm_calls: int = Field(ge=0, le=1_000_000)
    llm_tokens: int = Field(ge=0)

    @model_validator(mode="before")
    @classmethod
    def _own_address(cls, values: dict[str, object]) -> dict[str, object]:
        """Where no address is set, browsers of this machine reach the page at its port."""
        if values.get("base_url"):
            return values
        host = str(values.get("host"))
        here = "127.0.0.1" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
        return {**values, "base_url": f"http://{here}:{values.get('port')}"}

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for one in filter(None, value.replace(" ", "").split(",")):
            ip_network(one)  # raises ValueError
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("an unknown time zone") from error
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- knows its folder when the class is made
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let arguments go before the environment, that before secret files, and all before defaults.toml."""
        defaults = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, dotenv_settings, secret_files(settings_cls), defaults

    @property
    def url_of_database(self) -> str:
        """Return where the tables are."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'crosswalk.db'}"

    @property
    def outbox(self) -> Path:
        """Return the folder that emails are written to."""
        return self.home / "outbox"

    @property
    def feed_host_names(self) -> frozenset[str]:
        """Return the hosts of the operator's own network whose feeds may be read."""
        return frozenset(filter(None, self.feed_hosts.lower().replace(" ", "").split(",")))

    @property
    def clause_folder(self) -> Path:
        """Return the folder of clause packs."""
        return Path(self.clauses) if self.clauses else config_dir() / "clauses"


def load(**overrides: object) -> Settings:
    """Return the settings. Raises SettingsError: one sentence that names the setting and what to change."""
    if because := unusable_folder():
        raise SettingsError(because)
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks what the caller gives
    except ValidationError as error:
        raise SettingsError(refused(error, Settings)) from None


def setting_names() -> frozenset[str]:
    """Return every environment variable that Crosswalk reads."""
    return frozenset(f"{PREFIX}{name.upper()}" for name in Settings.model_fields) | connector_names()


def unknown(names: Iterable[str]) -> tuple[str, ...]:
    """Say of each environment variable that looks like a setting and is none, which one may have been meant."""
    known = setting_names()
    short = sorted(name.removeprefix(PREFIX) for name in known)
    said = []
    for name in sorted(name for name in names if name.upper().startswith(PREFIX) and name.upper() not in known):
        near = get_close_matches(name.upper().removeprefix(PREFIX), short, n=1)
        meant = f"did you mean {PREFIX}{near[0]}?" if near else "config/defaults.toml lists every setting."
        said.append(f"{name} is no setting of Crosswalk; {meant}")
    return tuple(said)


def make_home(home: Path) -> None:
    """Make the folder for what is kept, for this user only. Raises SettingsError."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        why = "it is no folder" if isinstance(error, FileExistsError | NotADirectoryError) else error.strerror
        raise SettingsError(f"Set CROSSWALK_HOME to a folder that can be written to; {home} cannot: {why}.") from error
