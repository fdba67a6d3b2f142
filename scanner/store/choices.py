"""What people wish a connection to be limited to, until the source was asked what that is."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from scanner.model.choice import Choice
from scanner.store.decided_tables import ChoiceRow


class Choices:
    """The choices of every connection, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def get(self, connection: str) -> Choice:
        """Return what is in force and what is wished."""
        row = self._session.get(ChoiceRow, connection)
        if row is None:
            return Choice()
        return Choice(names=row.names, wanted=tuple(row.wanted) if row.wished else None, because=row.because)

    def wish(self, connection: str, addresses: Sequence[str]) -> None:
        """Keep a wish in the place of any other."""
        self._set(connection, wished=True, wanted=list(addresses), because="")

    def taken(self, connection: str, names: Mapping[str, str]) -> None:
        """Note that the connection is limited to these, by id and name."""
        self._set(connection, wished=False, wanted=[], because="", names=dict(names))

    def refused(self, connection: str, because: str) -> None:
        """Note why a wish was not taken; what is in force stays so."""
        self._set(connection, wished=False, wanted=[], because=because)

    def _set(self, connection: str, **values: object) -> None:
        row = self._session.get(ChoiceRow, connection) or ChoiceRow(connection_id=connection)
        for name, value in values.items():
            setattr(row, name, value)
        self._session.add(row)
        self._session.flush()
