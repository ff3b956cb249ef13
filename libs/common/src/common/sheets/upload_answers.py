"""What an uploaded list of people answers beside each row."""

from typing import Final

from common.kernel.uploads import RowOutcome
from common.sheets.writing import RED, YELLOW, Answers

UPLOADED: Final = Answers(
    {
        RowOutcome.READY: "Chưa nhập",
        RowOutcome.WRONG: "CẦN SỬA",
        RowOutcome.REPEATED: "Đã có",
        RowOutcome.DECLARED: "Đã nhập",
        RowOutcome.UNDONE: "Đã hủy",
        RowOutcome.KEPT: "Không hủy được",
    },
    {RowOutcome.WRONG: RED, RowOutcome.KEPT: RED, RowOutcome.REPEATED: YELLOW},
    number="person_id",
)
