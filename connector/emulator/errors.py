"""Refusals in the envelope that Google uses: a code, a message and one reason that a client can act on."""

from collections.abc import Mapping
from typing import Any

# NOTE: messages and reasons are those observed on the real service where they are known; the discovery document
# describes no error bodies at all.


class ApiError(Exception):
    """One refused Drive call, ready to be written as Google's error envelope."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        domain: str = "global",
        location: str = "",
        location_type: str = "parameter",
        rpc_status: str = "",
        inner: str = "",
        details: tuple[Mapping[str, Any], ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the parts of the envelope; `inner` replaces the message of the inner error."""
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.domain = domain
        self.location = location
        self.location_type = location_type
        self.rpc_status = rpc_status
        self.inner = inner
        self.details = details
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the reply."""
        inner: dict[str, Any] = {
            "message": self.inner or self.message,
            "domain": self.domain,
            "reason": self.reason,
        }
        if self.location:
            inner |= {"location": self.location, "locationType": self.location_type}
        error: dict[str, Any] = {"code": self.status, "message": self.message, "errors": [inner]}
        if self.rpc_status:
            error["status"] = self.rpc_status
        if self.details:
            error["details"] = [dict(detail) for detail in self.details]
        return {"error": error}


def bad_token() -> ApiError:
    """Say that the access token is unknown, expired or revoked."""
    return ApiError(
        401,
        "authError",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
        location="Authorization",
        location_type="header",
        rpc_status="UNAUTHENTICATED",
        inner="Invalid Credentials",
        headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'},
    )


def no_token() -> ApiError:
    """Say that the call carried no Authorization header."""
    return ApiError(
        403,
        "forbidden",
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API.",
        rpc_status="PERMISSION_DENIED",
    )


def scope_missing() -> ApiError:
    """Say that the consent behind the token does not cover this call."""
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"service": "drive.googleapis.com"},
    }
    return ApiError(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        rpc_status="PERMISSION_DENIED",
        inner="Insufficient Permission",
        details=(detail,),
    )


def not_found(file_id: str) -> ApiError:
    """Say that a file is not there, or not for this person."""
    return ApiError(404, "notFound", f"File not found: {file_id}.", location="fileId")


def drive_not_found(drive_id: str) -> ApiError:
    """Say that a shared drive is not there, or not for this person."""
    return ApiError(404, "notFound", f"Shared drive not found: {drive_id}", location="driveId")


def invalid_value(parameter: str) -> ApiError:
    """Say that a parameter's value makes no sense."""
    return ApiError(400, "invalid", "Invalid Value", location=parameter)


def invalid_parameter(parameter: str, message: str) -> ApiError:
    """Say that a parameter is unknown, out of range or of the wrong type."""
    return ApiError(400, "invalidParameter", message, location=parameter)


def required(parameter: str) -> ApiError:
    """Say that a parameter is missing."""
    return ApiError(400, "required", f"Required parameter: {parameter}", location=parameter)


def unknown_parameter(parameter: str) -> ApiError:
    """Say that no such query parameter exists for this method."""
    message = (
        f'Invalid JSON payload received. Unknown name "{parameter}": Cannot bind query parameter. '
        f"Field '{parameter}' could not be found in request message."
    )
    return ApiError(400, "invalid", message, location=parameter, rpc_status="INVALID_ARGUMENT")


def bad_body(sentence: str) -> ApiError:
    """Say that a body is not what the method takes."""
    return ApiError(400, "parseError", f"Invalid JSON payload received. {sentence}", rpc_status="INVALID_ARGUMENT")


def blocked(reason: str) -> ApiError:
    """Say that a file's contents are refused, for one of the final reasons."""
    return ApiError(403, reason, _BLOCKED[reason])


_BLOCKED: Mapping[str, str] = {
    "cannotDownloadFile": "This file cannot be downloaded by the user.",
    "cannotExportFile": "This file cannot be exported by the user.",
    "exportSizeLimitExceeded": "This file is too large to be exported.",
    "fileNotExportable": "Export only supports Docs Editors files.",
    "cannotDownloadAbusiveFile": "This file has been identified as malware or spam and cannot be downloaded.",
    "supportsTeamDrivesRequired": "The supportsAllDrives parameter was not set to true.",
}
