"""Personal tokens: made by a person for a program, known again by a digest, ended by her or with her access."""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scanner.model.api_token import PREFIX, ApiToken, TokenScope
from scanner.model.deed import Act, Deed
from scanner.model.display import shown
from scanner.model.person import Person
from scanner.store.api_tokens import USED_EVERY
from scanner.store.store import Store, Unit

DAYS = (30, 90, 365)  # for which a token can be made
MOST = 50  # tokens of one person
_WRITTEN = re.compile(rf"{PREFIX}[0-9a-f]{{64}}")


class NoToken(Exception):
    """A token cannot be made; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeToken:
    """A token, and its secret that is shown this once."""

    token: ApiToken
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Makes, knows and ends them."""

    store: Store
    now: Callable[[], datetime]

    def make(self, person: Person, *, name: str, scope: TokenScope, days: int) -> MadeToken:
        """Make a token for a person who sees a product. Raises NoToken."""
        name = shown(name, 60)
        if not name:
            raise NoToken("Give the token a name, to know it again.")
        if days not in DAYS:
            raise NoToken("Choose one of the spans that the page offers.")
        now = self.now()
        secret = PREFIX + secrets.token_hex(32)
        token = ApiToken(
            id=secrets.token_hex(8),
            person=person,
            name=name,
            scope=scope,
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
        with self.store.transaction() as unit:
            if len(unit.api_tokens.of_person(person.subject)) >= MOST:
                raise NoToken(f"{MOST} tokens are the most that a person can have: end one that is not used.")
            unit.api_tokens.add(token, digest=_digest(secret))
            self._note(unit, token, Act.TOKEN_MADE)
        return MadeToken(token=token, secret=secret)

    def of(self, secret: str) -> ApiToken | None:
        """Return the token in force that has this secret; None too where its person sees no product any more."""
        if not _WRITTEN.fullmatch(secret):
            return None
        with self.store.reading() as unit:
            token = unit.api_tokens.of_digest(_digest(secret))
            if token is None or not token.holds(self.now()) or not unit.people.sees(token.person.subject):
                return None
        if token.used_at is None or token.used_at < self.now() - USED_EVERY:
            with self.store.transaction() as unit:
                unit.api_tokens.used(token.id, now=self.now())
        return token

    def of_person(self, person: Person) -> tuple[ApiToken, ...]:
        """List a person's tokens, the newest first."""
        with self.store.reading() as unit:
            return unit.api_tokens.of_person(person.subject)

    def end(self, person: Person, token_id: str) -> bool:
        """End a person's token at once; False where she has none of that id."""
        with self.store.transaction() as unit:
            token = unit.api_tokens.end(person.subject, token_id)
            if token is not None:
                self._note(unit, token, Act.TOKEN_ENDED)
        return token is not None

    def _note(self, unit: Unit, token: ApiToken, act: Act) -> None:
        """Keep it in the trail of every product that it opens."""
        for seen in unit.people.sees(token.person.subject):
            about = f"{token.name} ({token.scope.value})"
            deed = Deed(by=token.person.email, act=act, about=about, at=self.now(), product=seen.product)
            unit.deeds.add(seen.connection, deed)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
