"""Every way in which a consent or a sign-in does not come about, each with its words."""

from enum import Enum

from connector.lost import LostBecause


class Failure(Enum):
    """Every way in which a consent does not come about: a title, what happened, and the one thing to do."""

    DENIED = (
        "You did not agree",
        "Google says that the request was declined.",
        "Sign in or connect again when you are ready.",
    )
    NO_DRIVE = (
        "The Drive box was not ticked",
        "You signed in, but without letting Crosswalk see your Drive, so there is nothing it could read.",
        "Connect again and tick “See and download all your Google Drive files”.",
    )
    POLICY = (
        LostBecause.POLICY.title,
        LostBecause.POLICY.sentence,
        LostBecause.POLICY.what_to_do,
    )
    EXPIRED = (
        "This took too long, or began elsewhere",
        "It was not begun in this browser within the last ten minutes.",
        "Begin again from the first page.",
    )
    USED = (
        "This link was used already",
        "Google no longer takes the code that it gave; each works once, for a few minutes.",
        "Begin again from the first page.",
    )
    NO_REFRESH = (
        "Google gave no lasting consent",
        "Without it Crosswalk could not read anything tonight.",
        "Remove Crosswalk at myaccount.google.com/connections, then connect again.",
    )
    OTHER_ACCOUNT = (
        "You chose another account",
        "You are signed in here with one Google account, and gave the consent with another one.",
        "Connect again and choose the account that you are signed in with, or sign out first to connect the other one.",
    )
    UNVERIFIED = (
        "Google has not verified your address",
        "It does not vouch for the address of the account that you chose, so nobody here can know that it is yours.",
        "Verify it at myaccount.google.com, then sign in again.",
    )
    UNREACHABLE = ("Google did not answer", "Nothing was changed.", "Try again in a minute.")
    CLIENT = (
        "This Crosswalk is not known to Google",
        "Google refuses its OAuth client.",
        "Ask who runs it to check the client id, the secret and the redirect URI (README, Your own Drive).",
    )
    IDENTITY = (
        "Google's word on who you are did not check out",
        "The signed identity does not belong to this request.",
        "Begin again from the first page.",
    )

    @property
    def title(self) -> str:
        """A heading for a page."""
        return self.value[0]

    @property
    def sentence(self) -> str:
        """What happened."""
        return self.value[1]

    @property
    def what_to_do(self) -> str:
        """The one thing to do."""
        return self.value[2]


class ConsentFailed(Exception):
    """A consent that did not come about."""

    def __init__(self, failure: Failure) -> None:
        """Keep which way it went."""
        super().__init__(failure.sentence)
        self.failure = failure
