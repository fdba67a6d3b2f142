"""The outbox: which mail is to go to whom, and what became of it."""

from datetime import datetime

from sqlmodel import Session, and_, col, func, or_, select, tuple_, update

from scanner.model.mail import Mail, MailKind, MailPart, MailState, Notice, normal_address
from scanner.store.tables import MailPartRow, MailRow, ReportRow


class Mails:
    """The mails of every connection, within one transaction; addresses are kept and compared in their normal form."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def add(self, mail: Mail) -> bool:
        """Put a mail into the outbox; False where the same person was or is to be told the same already."""
        here = (MailRow.connection_id == mail.connection, MailRow.kind == mail.kind)
        address = normal_address(mail.address)
        same = select(MailRow.id).where(*here, MailRow.address == address, MailRow.about == mail.about)
        if self._session.exec(same).first() is not None:
            return False
        self._session.add(
            MailRow(
                id=mail.id,
                connection_id=mail.connection,
                kind=mail.kind,
                address=address,
                about=mail.about,
                weekly=mail.weekly,
                state=mail.state,
                made_at=mail.made_at,
                notice=mail.notice.kind if mail.notice else "",
                notice_about=mail.notice.about if mail.notice else "",
            )
        )
        self._session.flush()
        self._session.add_all(
            MailPartRow(
                mail_id=mail.id,
                place=place,
                product_id=part.product,
                clause=part.clause,
                report_id=part.report,
                since_id=part.since,
                since_at=part.since_at,
            )
            for place, part in enumerate(mail.parts)
        )
        return True

    def to_send(self, connection: str) -> tuple[Mail, ...]:
        """List what is to be sent, the oldest first."""
        query = select(MailRow).where(MailRow.connection_id == connection, MailRow.state == MailState.TO_SEND)
        rows = self._session.exec(query.order_by(col(MailRow.made_at), MailRow.address)).all()
        return tuple(self._mail(row) for row in rows)

    def owed(self, connection: str) -> bool:
        """Tell whether anything is to be sent."""
        query = select(MailRow.id).where(MailRow.connection_id == connection, MailRow.state == MailState.TO_SEND)
        return self._session.exec(query.limit(1)).first() is not None

    def overtake(self, connection: str, address: str, kind: MailKind, *, but: str = "") -> None:
        """Let no mail of a kind go to the address that is still to be sent, except the one about that."""
        reader = col(MailRow.address) == normal_address(address)
        mine = (col(MailRow.connection_id) == connection, reader, col(MailRow.kind) == kind)
        due = (col(MailRow.state) == MailState.TO_SEND, col(MailRow.about) != but)
        self._session.exec(update(MailRow).where(*mine, *due).values(state=MailState.OVERTAKEN))

    def was_sent(self, connection: str, address: str, kind: MailKind, about: str) -> bool:
        """Tell whether the person got the mail about that, or a summary that told of it as well."""
        reader = MailRow.address == normal_address(address)
        alone = and_(col(MailRow.kind) == kind, col(MailRow.about) == about)
        along = and_(col(MailRow.notice) == kind, col(MailRow.notice_about) == about)
        query = select(MailRow.id).where(MailRow.connection_id == connection, reader, MailRow.state == MailState.SENT)
        return self._session.exec(query.where(or_(alone, along))).first() is not None

    def notice_owed(self, connection: str, address: str) -> Notice | None:
        """Return what a summary that is still to be sent tells of the connection, None for nothing."""
        reader = MailRow.address == normal_address(address)
        query = select(MailRow).where(MailRow.connection_id == connection, reader, col(MailRow.notice) != "")
        query = query.where(MailRow.state == MailState.TO_SEND).order_by(col(MailRow.made_at).desc())
        row = self._session.exec(query.limit(1)).first()
        return _notice(row) if row else None

    def ended(self, mail_id: str, state: MailState, *, said: str, now: datetime) -> None:
        """Note what became of a mail, and where it went or why it did not."""
        self._session.exec(
            update(MailRow).where(col(MailRow.id) == mail_id).values(state=state, said=said, ended_at=now)
        )

    def failed(self, mail_id: str, *, said: str) -> None:
        """Note why a mail that is still to be sent could not be sent yet."""
        self._session.exec(update(MailRow).where(col(MailRow.id) == mail_id).values(said=said))

    def last_told(self, address: str, product: str, clause: str) -> tuple[str, datetime] | None:
        """Return the id of the last report that a sent mail has told the person of, and when that mail was made."""
        query = select(MailPartRow.report_id, MailRow.made_at).join(
            MailRow, col(MailRow.id) == col(MailPartRow.mail_id)
        )
        query = query.join(ReportRow, col(ReportRow.id) == col(MailPartRow.report_id))
        query = query.where(MailRow.address == normal_address(address), MailRow.state == MailState.SENT)
        query = query.where(MailPartRow.product_id == product, MailPartRow.clause == clause)
        newest = (col(ReportRow.created_at).desc(), col(MailRow.made_at).desc())  # whatever a clock said in between
        return self._session.exec(query.order_by(*newest).limit(1)).first()

    def last_weekly(self, connection: str, address: str) -> datetime | None:
        """Return when the last mail was made that the person got because a week began."""
        reader = MailRow.address == normal_address(address)
        query = select(MailRow.made_at).where(MailRow.connection_id == connection, reader)
        query = query.where(col(MailRow.weekly), MailRow.state == MailState.SENT)
        return self._session.exec(query.order_by(col(MailRow.made_at).desc()).limit(1)).first()

    def recent(
        self, connection: str, *, before: tuple[datetime, str] | None = None, limit: int = 30
    ) -> tuple[Mail, ...]:
        """List the connection's mails, the newest first: before one, by its moment and id."""
        query = select(MailRow).where(MailRow.connection_id == connection)
        if before is not None:
            query = query.where(tuple_(col(MailRow.made_at), col(MailRow.id)) < before)
        rows = self._session.exec(
            query.order_by(col(MailRow.made_at).desc(), col(MailRow.id).desc()).limit(limit)
        ).all()
        return tuple(self._mail(row) for row in rows)

    def made(self, connection: str, kind: MailKind, *, since: datetime) -> int:
        """Count the connection's mails of a kind, sent or not, since a moment."""
        query = select(func.count()).select_from(MailRow).where(MailRow.connection_id == connection)
        return self._session.exec(query.where(MailRow.kind == kind, col(MailRow.made_at) >= since)).one()

    def ids(self, connection: str) -> tuple[str, ...]:
        """List the ids of all mails of the connection."""
        return tuple(self._session.exec(select(MailRow.id).where(MailRow.connection_id == connection)))

    def _mail(self, row: MailRow) -> Mail:
        query = select(MailPartRow).where(MailPartRow.mail_id == row.id).order_by(col(MailPartRow.place))
        parts = tuple(
            MailPart(
                product=part.product_id,
                clause=part.clause,
                report=part.report_id,
                since=part.since_id,
                since_at=part.since_at,
            )
            for part in self._session.exec(query)
        )
        return Mail(
            id=row.id,
            connection=row.connection_id,
            kind=MailKind(row.kind),
            address=row.address,
            about=row.about,
            made_at=row.made_at,
            parts=parts,
            weekly=row.weekly,
            notice=_notice(row),
            state=MailState(row.state),
            said=row.said,
            ended_at=row.ended_at,
        )


def _notice(row: MailRow) -> Notice | None:
    return Notice(kind=MailKind(row.notice), about=row.notice_about) if row.notice else None
