"""Hooks: made for a product, heard when a program tells of a release over one, ended by a person."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from scanner.model.connection import Product
from scanner.model.deed import OPERATOR, Act, Deed
from scanner.model.hook import Hook, HookKind
from scanner.model.release import Release, ReleaseOrigin, ReleaseState
from scanner.pipeline.deliveries import Delivery, Malformed, Told, proves_itself, told_by
from scanner.pipeline.releases import Releases
from scanner.pipeline.tagged import NotARelease
from scanner.store.store import Store, Unit

log = logging.getLogger(__name__)

PURPOSE = "release-hook"
_ORIGINS = {
    HookKind.GITHUB: ReleaseOrigin.GITHUB,
    HookKind.WEBHOOK: ReleaseOrigin.WEBHOOK,
}


class Answer(Enum):
    """What a program is told, each with its HTTP status."""

    TAKEN = 201
    KNOWN = 200
    NOT_USED = 202  # it proved itself, and tells of no release
    MALFORMED = 400
    NOT_SIGNED = 401
    NO_HOOK = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What became of a delivery."""

    answer: Answer
    words: str
    state: ReleaseState | None = None  # of a release that was taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A hook, and the secret that is told this once and kept sealed."""

    hook: Hook
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Makes, hears and ends them."""

    store: Store
    releases: Releases
    seal: Callable[[str, bytes], str]
    unseal: Callable[[str, str], bytes | None]
    now: Callable[[], datetime]

    def make(self, product_id: str, kind: HookKind, *, by: str = OPERATOR) -> Made:
        """Make a hook for the product with a fresh secret. Raises KeyError for no such product."""
        ident = secrets.token_hex(16)  # commands are given it: one that begins with "-" would be an option
        hook = Hook(id=ident, product=product_id, kind=kind, made_at=self.now())
        secret = secrets.token_urlsafe(32)
        with self.store.transaction() as unit:
            product = unit.products.get(product_id)
            if product is None:
                raise KeyError(product_id)
            unit.hooks.add(hook, sealed=self.seal(f"{PURPOSE} {hook.id}", secret.encode()))
            self._note(unit, product, Act.HOOK_MADE, hook, by=by)
        return Made(hook=hook, secret=secret)

    def end(self, product_id: str, hook_id: str, *, by: str = OPERATOR) -> bool:
        """End the product's hook; False where there is none of that id."""
        with self.store.transaction() as unit:
            product, known = unit.products.get(product_id), unit.hooks.get(hook_id)
            if product is None or known is None or not unit.hooks.end(product_id, hook_id):
                return False
            self._note(unit, product, Act.HOOK_ENDED, known[0], by=by)
        return True

    def hear(self, hook_id: str, delivery: Delivery) -> Heard:
        """Take what came over a webhook; hearing it again changes nothing."""
        with self.store.reading() as unit:
            known = unit.hooks.get(hook_id)
        if known is None:
            return Heard(answer=Answer.NO_HOOK, words="There is no such hook.")
        hook, sealed = known
        key = self.unseal(f"{PURPOSE} {hook.id}", sealed)
        if key is None or not proves_itself(hook.kind, delivery, key, now=self.now()):
            return Heard(answer=Answer.NOT_SIGNED, words="The signature does not fit.")
        return self._take(hook, delivery)

    def reseal(self) -> int:
        """Seal every key with the newest key of the vault; return how many."""
        with self.store.transaction() as unit:
            opened = {
                hook_id: self.unseal(f"{PURPOSE} {hook_id}", sealed) for hook_id, sealed in unit.hooks.sealed().items()
            }
            known = {hook_id: key for hook_id, key in opened.items() if key is not None}
            for hook_id, key in known.items():
                unit.hooks.reseal(hook_id, self.seal(f"{PURPOSE} {hook_id}", key))
        return len(known)

    def _note(self, unit: Unit, product: Product, act: Act, hook: Hook, *, by: str) -> None:
        about = f"{hook.kind.value} ({hook.id[:6]}…)"
        unit.deeds.add(product.connection, Deed(by=by, act=act, about=about, at=self.now(), product=product.id))

    def _take(self, hook: Hook, delivery: Delivery) -> Heard:
        with self.store.transaction() as unit:
            unit.hooks.heard(hook.id, now=self.now())
            product = unit.products.get(hook.product)
        try:
            named = product.name if product else ""
            told = told_by(hook.kind, delivery, product=named, today=self.now().date())
        except NotARelease as error:
            return Heard(answer=Answer.NOT_USED, words=f"Heard, but {error}.")
        except Malformed as error:
            return Heard(answer=Answer.MALFORMED, words=f"The body cannot be understood: {error}.")
        release = _release(hook, told)
        state = self.releases.tell(hook.product, release, by=release.source)
        if state is None:
            return Heard(answer=Answer.KNOWN, words=f"{told.version} is known or was refused.")
        log.info("A hook told of a release.", extra={"event": "hook.told", "hook": hook.id, "state": state.value})
        return Heard(answer=Answer.TAKEN, words=f"{told.version} is {state.value}.", state=state)


def _release(hook: Hook, told: Told) -> Release:
    source = f"{hook.kind.value}{f': {told.of}' if told.of else ''} (hook {hook.id[:6]}…)"
    return Release(
        product=told.product,
        version=told.version,
        released_on=told.released_on,
        source=source,
        origin=_ORIGINS[hook.kind],
        via=hook.id,
    )
