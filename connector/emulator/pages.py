"""The few pages that a person sees: the consent page and Google's refusals; every value in them is escaped."""

from html import escape

_FRAME = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    "<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:30rem;margin:4rem auto;padding:0 1rem}}"
    "button{{font:inherit;padding:.4rem 1.2rem;margin-right:.6rem}}.note{{color:#555}}</style></head>"
    "<body>{body}</body></html>"
)
_MEANINGS = {
    "https://www.googleapis.com/auth/drive.readonly": "See and download all your Google Drive files",
    "https://www.googleapis.com/auth/drive.metadata.readonly": "See information about your Google Drive files",
}


def consent_page(
    *, request_id: str, email: str, others: tuple[str, ...], client_id: str, scopes: tuple[str, ...]
) -> str:
    """Return the page that asks the person, or one of several; Drive scopes have tick-boxes, signing in has none."""
    boxes = "".join(
        f'<p><label><input type="checkbox" name="scope" value="{escape(scope)}" checked> '
        f"{escape(_MEANINGS[scope])}</label></p>"
        for scope in scopes
        if scope in _MEANINGS
    )
    accounts = "".join(f"<option{' selected' if one == email else ''}>{escape(one)}</option>" for one in others)
    whose = f'<label>Account <select name="account">{accounts}</select></label>' if others else ""
    body = (
        "<h1>Sign in</h1><p class=note>This is a local stand-in for Google: no real account is involved.</p>"
        f"<p><b>{escape(client_id)}</b> wants access to the account of <b>{escape(email)}</b>.</p>"
        '<form method="post" action="/o/oauth2/v2/auth">'
        f'<input type="hidden" name="request" value="{escape(request_id)}">{whose}{boxes}'
        '<button name="answer" value="allow">Allow</button><button name="answer" value="deny">Deny</button></form>'
    )
    return _FRAME.format(title="Sign in", body=body)


def viewer_page(name: str) -> str:
    """Return the page on which a person sees a file; what stands in the file is left to Google's own."""
    body = f"<h1>{escape(name)}</h1><p class=note>This stands for Google's viewer, which would show the file here.</p>"
    return _FRAME.format(title=escape(name), body=body)


def refusal_page(status: int, reason: str) -> str:
    """Return the page for a request that is not sent back to its client, because nothing vouches for the address."""
    body = f"<h1>Access blocked</h1><p>Error {status}: {escape(reason)}</p>"
    return _FRAME.format(title=f"Error {status}", body=body)


def failure_page(status: int) -> str:
    """Return the kind of HTML that a failing front end answers instead of JSON."""
    return _FRAME.format(title=f"Error {status}", body=f"<h1>{status}.</h1><p>That is an error. Try again later.</p>")


def login_page() -> str:
    """Return the page that a download link is sometimes answered with, status 200, instead of the bytes."""
    return _FRAME.format(title="Sign in", body="<h1>Sign in to continue</h1><form><input type=email></form>")
