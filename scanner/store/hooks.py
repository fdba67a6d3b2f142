"""The ways in for other programs, with what they prove themselves with: sealed, never as it was told."""

from datetime import datetime

from sqlmodel import Session, col, select

from scanner.model.hook import Hook, HookKind
from scanner.store.telling_tables import HookRow

_KINDS = tuple(kind.value for kind in HookKind)  # hooks with a token of their own, of older versions, open nothing


class Hooks:
    """The hooks of every product, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def add(self, hook: Hook, *, sealed: str) -> None:
        """Keep a hook with its sealed key."""
        self._session.add(
            HookRow(id=hook.id, product_id=hook.product, kind=hook.kind, sealed=sealed, made_at=hook.made_at)
        )
        self._session.flush()

    def get(self, hook_id: str) -> tuple[Hook, str] | None:
        """Return the hook of that id and its sealed key."""
        row = self._session.get(HookRow, hook_id)
        return (_hook(row), row.sealed) if row and row.kind in _KINDS else None

    def of_product(self, product_id: str) -> tuple[Hook, ...]:
        """List a product's hooks, the oldest first."""
        query = select(HookRow).where(HookRow.product_id == product_id, col(HookRow.kind).in_(_KINDS))
        return tuple(_hook(row) for row in self._session.exec(query.order_by(col(HookRow.made_at), col(HookRow.id))))

    def sealed(self) -> dict[str, str]:
        """Return every sealed key by its hook's id."""
        return {row.id: row.sealed for row in self._session.exec(select(HookRow)) if row.sealed}

    def reseal(self, hook_id: str, sealed: str) -> None:
        """Keep the key sealed anew."""
        row = self._session.get(HookRow, hook_id)
        if row is not None:
            row.sealed = sealed
            self._session.add(row)

    def heard(self, hook_id: str, *, now: datetime) -> None:
        """Note that the hook has proved itself."""
        row = self._session.get(HookRow, hook_id)
        if row is not None:
            row.heard_at = now
            self._session.add(row)

    def end(self, product_id: str, hook_id: str) -> bool:
        """Forget the product's hook; False where there is none of that id."""
        row = self._session.get(HookRow, hook_id)
        if row is None or row.product_id != product_id:
            return False
        self._session.delete(row)
        return True


def _hook(row: HookRow) -> Hook:
    return Hook(id=row.id, product=row.product_id, kind=HookKind(row.kind), made_at=row.made_at, heard_at=row.heard_at)
