"""Who may be asked: a language model on this machine or network; anybody else only where the operator names them."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

# Names that never lead to the public internet: RFC 6761, 6762, 8375, and ICANN's reservation of .internal (2024).
_PRIVATE_SUFFIXES = (".localhost", ".local", ".home.arpa", ".internal")
# A local Ollama passes what it is asked about these models on to its maker (docs.ollama.com/cloud).
_PASSED_ON, _PASSED_ON_TO = ("-cloud", ":cloud"), "ollama.com"


class AddressRefused(Exception):
    """Text may not go there; the message says why, and which setting would allow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where questions go."""

    url: str  # of the API, without a slash at its end: "http://127.0.0.1:11434/v1"
    model: str
    host: str  # who reads the text in the end
    local: bool  # on this machine or network

    @property
    def where(self) -> str:
        """Say which text goes where, for doctor and the page."""
        place = "on this machine or network" if self.local else "which is outside of your network"
        return (
            f"The language model {self.model} at {self.host}, {place}, is asked about sentences of your documents with "
            "their headings: those that may bear a constraint, none with a credential or an email address in it. "
            "File names, accounts and whole documents are not sent."
        )


def address_of(url: str, model: str, *, text_may_go_to: str) -> Address:
    """Return where to ask. Raises AddressRefused unless it is local, or https to the host that the setting names."""
    parts = urlsplit(url)
    try:
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        host = ""
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.query or parts.fragment:
        raise AddressRefused("CROSSWALK_LLM_URL has to be like http://127.0.0.1:11434/v1, without a name or key in it")
    if not model.strip():
        raise AddressRefused("CROSSWALK_LLM_MODEL has to name the model")
    reader = _PASSED_ON_TO if model.endswith(_PASSED_ON) and _is_private(host) else host
    local = _is_private(reader)
    if not local and text_may_go_to.strip().lower() != reader:
        raise AddressRefused(
            f"with this model, sentences of your documents would go to {reader}, outside of your network; "
            f"if that is allowed, set CROSSWALK_LLM_TEXT_MAY_GO_TO={reader}"
        )
    if parts.scheme == "http" and not _is_private(host):
        raise AddressRefused("outside of your network only https is spoken: change CROSSWALK_LLM_URL")
    return Address(url=url.rstrip("/"), model=model.strip(), host=reader, local=local)


def _is_private(host: str) -> bool:
    """Tell whether a host can only be here: a private address, a reserved name, or a name without a dot."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(_PRIVATE_SUFFIXES)
    return address.is_loopback or (address.is_private and not address.is_unspecified)
