"""A list of F0 (danh sách F0): the uploaded list that every service knows, and how its undoing is told."""

from common.kernel.uploads import ListStatus, NotePage, RowOutcome, decide, source_of
from common.kernel.uploads import ReceiveList as ReceiveCases
from common.kernel.uploads import UndoList as UndoCases
from common.kernel.uploads import UploadedList as CaseList

__all__ = (
    "UNDONE_REASON",
    "CaseList",
    "ListStatus",
    "NotePage",
    "ReceiveCases",
    "RowOutcome",
    "UndoCases",
    "decide",
    "source_of",
)

UNDONE_REASON = "upload-undone"
"""Code of the step that closes a record because the list that it came from was undone."""
