"""Why a connection can no longer be read: a closed set, each with its words for the person and the one thing to do.

Google's token endpoint gives few reasons (RFC 6749 §5.2, https://developers.google.com/identity/protocols/oauth2); what
several causes share is worded as such, and nothing is claimed that it does not say. How it answers for a suspended
account is not published (connector/drive/access.py says what is known).
"""

from enum import Enum

_CONSOLE = "In the Google Admin console, under Security → Access and data control → API controls"


class LostBecause(Enum):
    """How a consent came to its end; the value is what is stored."""

    title: str  # a heading
    sentence: str  # what happened
    what_to_do: str  # the one thing to do
    clickable: bool  # whether a click on Connect is (a part of) what is to be done

    REVOKED = (
        "revoked",
        "Google has ended the consent",
        (
            "It was withdrawn in the Google account, lay unused for six months, or gave way to newer consents; "
            "Google does not say which."
        ),
        "Connect Google Drive again.",
    )
    TESTING = (
        "testing",
        "The consent probably ended after its seven days",
        (
            "It ended about seven days after it was given. Google does that to every consent while the OAuth client is "
            "in Testing, so this is the likely reason; it does not say so itself."
        ),
        (
            "Connect again for another seven days. Whoever runs this Crosswalk can set the OAuth client to Internal or "
            "In production: then it lasts."
        ),
    )
    REAUTH = (
        "reauth",
        "Your Google Workspace asks to sign in again",
        "Its administrator has set how long a sign-in lasts for apps, or your password was changed since.",
        (
            "Connect again. For your administrator, so that it does not come back every few hours: let trusted apps be "
            "exempt under Security → Access and data control → Google Cloud session control, and mark Crosswalk as "
            "trusted under API controls."
        ),
    )
    SCOPE = (
        "scope",
        "The consent does not cover your Drive",
        "Its box was not ticked, or that part was taken back later, so Google shows Crosswalk no file.",
        "Connect again and tick “See and download all your Google Drive files”.",
    )
    ACCOUNT = (
        "account",
        "The Google account is suspended, disabled or deleted",
        "Google no longer lets anything read in its name.",
        (
            "Ask your Google Workspace administrator to restore the account, or let a colleague who sees the same "
            "folders connect hers."
        ),
    )
    RESTRICTED = (
        "restricted",
        "Google restricts this account",
        (
            "Either Google has restricted the account itself, as after unusual use, or a Context-Aware Access policy "
            "of its Google Workspace refuses it from where Crosswalk runs; Google does not say which."
        ),
        (
            "Sign in at myaccount.google.com: it says whether the account is restricted. If it is not, ask your "
            "administrator: in the Google Admin console, Security → Access and data control → Context-Aware Access. "
            "Then connect again."
        ),
    )
    POLICY = (
        "policy",
        "Your organisation does not let Crosswalk in",
        "A policy of your Google Workspace refuses this app, or refuses it from where it runs.",
        f"Ask your administrator: {_CONSOLE} → Manage app access, trust Crosswalk's OAuth client. Then connect again.",
    )
    NO_TOKEN = (
        "no-token",
        "There is no consent here any more",
        "Nothing is kept with which Google could be asked for this connection.",
        "Connect Google Drive again.",
    )
    DELEGATION = (
        "delegation",
        "The service account may not read in this person's name",
        "The Google Workspace has not delegated reading Drive to it.",
        (
            f"{_CONSOLE} → Domain-wide delegation, add the service account's numeric client id with the scope "
            "https://www.googleapis.com/auth/drive.readonly; then run "
            "`crosswalk connections add-service-account` again."
        ),
    )
    NO_SUCH_PERSON = (
        "no-such-person",
        "Google has no active account of the person whose Drive is to be read",
        "The address names nobody in the Google Workspace, or somebody who was removed, suspended or restricted.",
        (
            "Disconnect it, and add the address of somebody who sees the folders "
            "(`crosswalk connections add-service-account --subject …`)."
        ),
    )
    KEY_REFUSED = (
        "key-refused",
        "Google refuses the service account's key",
        (
            "The key was deleted in the Google Cloud console, the service account is disabled, or this machine's "
            "clock is wrong."
        ),
        (
            "Check the clock, put a new key file in place (CROSSWALK_GOOGLE_SERVICE_ACCOUNT_FILE), restart, and run "
            "`crosswalk connections add-service-account` again."
        ),
    )

    def __new__(cls, ident: str, title: str, sentence: str, what_to_do: str) -> "LostBecause":
        """Let the identifier alone be the value."""
        member = object.__new__(cls)
        member._value_ = ident
        member.title, member.sentence, member.what_to_do = title, sentence, what_to_do
        member.clickable = ident not in {"delegation", "no-such-person", "key-refused"}
        return member

    @classmethod
    def of(cls, ident: str) -> "LostBecause":
        """Return the one of this identifier. Raises KeyError."""
        return {one.value: one for one in cls}[ident]

    @property
    def words(self) -> str:
        """All of it on one line."""
        return f"{self.title}. {self.sentence} {self.what_to_do}"
