"""The seam of judging: one constraint and one document in, one verdict out, touching nothing else."""

from typing import Protocol

from scanner.model.clause import ClausePack
from scanner.model.document import Document
from scanner.model.verdict import Judgement


class Judge(Protocol):
    """Judges a document against every constraint of a pack; pure and deterministic."""

    version: str  # changes whenever the same document could be judged otherwise: a change re-scans

    def judge(self, pack: ClausePack, document: Document) -> Judgement:
        """Return the document's facts and one verdict a constraint, in the pack's order."""
        ...
