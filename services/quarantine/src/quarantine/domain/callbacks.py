"""Gọi lại: somebody rang the station's number and hung up, or wrote GOI; the station calls back."""

from dataclasses import dataclass, replace
from datetime import datetime

from common.kernel.areas import Actor, Area
from common.kernel.decision import Decision
from quarantine.domain.errors import CaseNotFound


@dataclass(frozen=True, slots=True)
class Callback:
    """The latest wish of one person to be called; *called_at* is None while nobody has."""

    person_id: str
    area: Area
    asked_at: datetime
    times: int = 1
    """How often it was asked since the last call."""
    called_at: datetime | None = None
    called_by: str = ""


@dataclass(frozen=True, slots=True)
class AskCallback:
    """The telephone of *person_id* asked to be called."""

    person_id: str
    area: Area

    @property
    def aggregate_id(self) -> str:
        """One wish per person."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class NoteCalled:
    """An officer of the area called back."""

    person_id: str
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """One wish per person."""
        return self.person_id


def decide(
    state: Callback | None, command: AskCallback | NoteCalled, _rules: None, now: datetime
) -> Decision[Callback]:
    """Keep who waits for a call; the first time of asking counts."""
    if isinstance(command, AskCallback):
        if state is None or state.called_at is not None:
            return Decision(Callback(command.person_id, command.area, now))
        return Decision(replace(state, times=state.times + 1))
    if state is None or not command.by.covers(state.area):
        raise CaseNotFound("Không có yêu cầu gọi lại này trong địa bàn của bạn.")
    if state.called_at is not None:
        return Decision(state)
    return Decision(replace(state, called_at=now, called_by=command.by.subject))
