"""Which mail server the settings name."""

from scanner.notify.email import SmtpSecurity, SmtpSettings
from scanner.settings import Settings, SettingsError


def smtp_of(settings: Settings) -> SmtpSettings | None:
    """Return how mail is handed over, None without a server. Raises SettingsError."""
    if not settings.smtp_host:
        return None
    try:
        return SmtpSettings(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=SmtpSecurity(settings.smtp_security),
            username=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
        )
    except ValueError as error:
        raise SettingsError(f"Set CROSSWALK_SMTP_SECURITY to starttls or tls: {error}.") from error
