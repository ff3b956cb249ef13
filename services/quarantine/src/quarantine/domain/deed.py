"""Decides the acts of `acts.py` on a file: what it becomes, what is told, what is answered."""

from datetime import datetime
from typing import Any

from common.kernel.decision import Fact
from quarantine.domain import acts, beds, handover, home, home_members, orders, testing
from quarantine.domain.model import Case
from quarantine.domain.rules import QuarantineRules

Done = tuple[Case, tuple[Fact, ...], dict[str, Any]]


def done(case: Case | None, act: acts.Act, rules: QuarantineRules, now: datetime) -> Done:
    """Do *act*; raises a refusal, or TypeError for one that is not ours."""
    facts: tuple[Fact, ...]
    match act:
        case acts.RecordTest():
            after, facts = testing.record(case, act, now)
            return after, facts, orders.outline(after)
        case acts.NoteHomeCase():
            after, facts = home.settled(home.note(case or Case(act.person_id), act), rules, now)
            return after, facts, {}
        case acts.OrderHomeMember():
            after = home_members.order_one(case, act, rules, now)
            return after, (), orders.outline(after)
        case acts.DismissHomeMember():
            return home_members.dismiss(case, act), (), {}
        case acts.NoteBed():
            after, facts = beds.note(case or Case(act.person_id), act)
            return after, facts, {}
        case acts.GoHome():
            after, facts = beds.go_home(case, act, now)
            return after, facts, orders.outline(after)
        case acts.AskHandover() | acts.AcceptHandover() | acts.RefuseHandover():
            return _handed(case, act, now)
    raise TypeError(f"not an act on a file: {type(act).__name__}")


def _handed(
    case: Case | None, act: acts.AskHandover | acts.AcceptHandover | acts.RefuseHandover, now: datetime
) -> Done:
    answer = {"handover_id": act.handover_id}
    if isinstance(act, acts.AcceptHandover):
        after, facts = handover.accept(case, act, now)
        return after, facts, answer
    after = (
        handover.ask(case, act, now) if isinstance(act, acts.AskHandover) else handover.refuse(case, act, now)
    )
    return after, (), answer
