"""What joins candidates and verdicts to the files that they are about, and verdicts to their candidates."""

from typing import Any

from sqlmodel import col

from scanner.store.tables import CandidateRow, FileRow, VerdictRow

CANDIDATE_FILE: Any = (col(FileRow.connection_id) == col(CandidateRow.connection_id)) & (
    col(FileRow.file_id) == col(CandidateRow.file_id)
)
VERDICT_FILE: Any = (col(FileRow.connection_id) == col(VerdictRow.connection_id)) & (
    col(FileRow.file_id) == col(VerdictRow.file_id)
)
VERDICT_CANDIDATE: Any = (
    (col(CandidateRow.connection_id) == col(VerdictRow.connection_id))
    & (col(CandidateRow.file_id) == col(VerdictRow.file_id))
    & (col(CandidateRow.clause) == col(VerdictRow.clause))
)
