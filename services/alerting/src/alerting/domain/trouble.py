"""What is wrong with the system itself, as far as it can see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from alerting.domain.commands import NoteOver, NoteTrouble
from alerting.domain.model import Condition, Kind, condition_key
from common.kernel.areas import Area

EVERYWHERE = Area("", "")
"""The system is the province's: no commune and no district stands for it."""
LAG_RECORDS = 5_000
"""Records behind; a healthy reader is a few hundred behind in a rush and nothing after seconds."""
LAG_LASTS = timedelta(minutes=3)
UNREACHABLE_LASTS = timedelta(minutes=1)
LEFT_ALONE = timedelta(hours=1)
"""Who says that trouble is handled is not called again for it within this time."""


class Code(StrEnum):
    """Kinds of trouble, as the rules weigh them."""

    DEAD_LETTERS = "dead-letters"
    LAG = "lag"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Trouble:
    """*part* (a consumer group, or the bus) has it; *count*: how many records."""

    code: Code
    part: str
    count: int = 0

    @property
    def subject_id(self) -> str:
        """What the condition is about."""
        return f"{self.code}.{self.part}"

    @property
    def key(self) -> str:
        """Id of the condition."""
        return condition_key(Kind.SYSTEM_TROUBLE, self.subject_id)


def notes_of(
    troubles: Iterable[Trouble], known: Mapping[str, Condition], now: datetime
) -> list[NoteTrouble | NoteOver]:
    """
    Return what is new and what is over, given the conditions already *known* (key -> condition).

    Trouble that rings already says nothing more; what somebody called handled is left alone for an hour.
    """
    present = {trouble.key: trouble for trouble in troubles}
    order = int(now.timestamp())
    fresh: list[NoteTrouble | NoteOver] = [
        NoteTrouble(
            Kind.SYSTEM_TROUBLE,
            trouble.subject_id,
            EVERYWHERE,
            now,
            order,
            code=trouble.code,
            part=trouble.part,
            count=trouble.count,
        )
        for key, trouble in present.items()
        if not _is_told(known.get(key), now)
    ]
    over = [
        NoteOver(Kind.SYSTEM_TROUBLE, condition.subject_id, condition.area, now, order)
        for key, condition in known.items()
        if key not in present and condition.open_alert
    ]
    return fresh + over


def _is_told(condition: Condition | None, now: datetime) -> bool:
    alert = condition.alert if condition else None
    if alert is None:
        return False
    if alert.ended is None:
        return True
    return bool(alert.ended.by) and now < alert.ended.at + LEFT_ALONE
