"""What the token endpoint says when it refuses, by the name that the knob `refresh_error` has for it."""

from collections.abc import Mapping

_RAPT = {"error_uri": "https://support.google.com/a/answer/9368756"}
# NOTE: of a suspended account nobody has published the whole answer (looked for again in November 2026); its
# description here is a guess, like the status of the two policies. The others are as users report them.
_KNOWN: Mapping[str, tuple[int, str, str]] = {
    "invalid_grant": (400, "invalid_grant", "Token has been expired or revoked."),
    "invalid_rapt": (400, "invalid_grant", "reauth related error (invalid_rapt)"),
    "rapt_required": (400, "invalid_grant", "reauth related error (rapt_required)"),
    "account_deleted": (400, "invalid_grant", "The account has been deleted"),
    "account_disabled": (400, "invalid_grant", "The account has been disabled or suspended."),
    "account_restricted": (400, "access_denied", "Account restricted"),
    "org_internal": (403, "org_internal", "This client is restricted to users within its organization."),
    "admin_policy_enforced": (403, "admin_policy_enforced", "The administrator's policy does not allow this client."),
    "invalid_client": (401, "invalid_client", "The OAuth client was not found."),
    "internal_failure": (500, "internal_failure", "Backend Error"),
}


class OAuthError(Exception):
    """A refusal of the token endpoint."""

    def __init__(self, status: int, error: str, description: str = "", **more: str) -> None:
        """Keep the parts of the JSON body."""
        super().__init__(error)
        self.status = status
        self.body = {"error": error, **({"error_description": description} if description else {}), **more}


def refresh_refusal(name: str) -> OAuthError:
    """Return the refusal of that name; a name that is not known is a code of its own."""
    status, error, description = _KNOWN.get(name, (400, name, "Bad Request"))
    more = {"error_subtype": name, **_RAPT} if name in {"invalid_rapt", "rapt_required"} else {}
    return OAuthError(status, error, description, **more)
