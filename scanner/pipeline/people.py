"""What people decide, say and hand out, put together once: pages, programs and commands all ask here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from scanner.jobs.base import JobQueue
from scanner.model.clause import ClausePack
from scanner.pipeline.choosing import Wishes
from scanner.pipeline.decisions import Decisions
from scanner.pipeline.objecting import Objecting
from scanner.pipeline.portfolio import Portfolio
from scanner.pipeline.sharing import Sharing
from scanner.pipeline.suggest import Suggesting
from scanner.pipeline.tokens import Tokens
from scanner.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Takes what people decide and say."""

    decisions: Decisions
    objecting: Objecting
    tokens: Tokens
    sharing: Sharing
    suggesting: Suggesting
    wishes: Wishes
    portfolio: Portfolio

    @classmethod
    def of(
        cls, *, store: Store, queue: JobQueue, packs: tuple[ClausePack, ...], judge: str, now: Callable[[], datetime]
    ) -> "People":
        """Put them together over one store."""
        return cls(
            decisions=Decisions(store=store, queue=queue, packs=packs, now=now),
            objecting=Objecting(store=store, packs=packs, judge=judge, now=now),
            tokens=Tokens(store=store, now=now),
            sharing=Sharing(store=store, queue=queue, now=now),
            portfolio=Portfolio(store=store, queue=queue, now=now),
            wishes=Wishes(store=store, queue=queue, now=now),
            suggesting=Suggesting(store=store, queue=queue, packs=packs, judge=judge, now=now),
        )
