"""Decisions on a file that come from other files: merges, and contacts whose index person became an F0."""

from datetime import datetime
from typing import Any

from common.kernel.decision import Decision
from quarantine.domain.duties import timers
from quarantine.domain.joining import MergeStep
from quarantine.domain.merging import decide_step, told
from quarantine.domain.model import Case
from quarantine.domain.orders import outline
from quarantine.domain.raising import RaiseToF1, raised
from quarantine.domain.rules import QuarantineRules


def decide_filing(case: Case | None, command: Any, rules: QuarantineRules, now: datetime) -> Decision[Case]:
    """Decide *command* on *case*; TypeError for a command that is not ours."""
    if isinstance(command, MergeStep):
        return decide_step(case, command, rules, now)
    if isinstance(command, RaiseToF1):
        after = raised(case, command, rules, now)
        return Decision(after, told(case, after, now), timers(after, rules), outline(after))
    raise TypeError(f"not a command of quarantine: {type(command).__name__}")
