"""People who live with an F0 and have no order: proposed to the officer, ordered or let be."""

from dataclasses import replace
from datetime import date, datetime

from quarantine.domain.acts import DismissHomeMember, OrderHomeMember
from quarantine.domain.commands import OrderQuarantine
from quarantine.domain.errors import CaseNotFound, NothingProposed
from quarantine.domain.model import Basis, Case, Category, Outcome, Person, Place
from quarantine.domain.orders import order
from quarantine.domain.rules import QuarantineRules
from quarantine.domain.standing import ending, f0_since

NOT_THERE = frozenset((Outcome.DIED, Outcome.MOVED_AWAY))


def proposed_on(case: Case) -> date | None:
    """
    Return until when somebody without an open stay was exposed at home and nobody has decided; else None.

    Whoever is or was an F0, died or moved away is not proposed, nor whose last stay covered that day.
    """
    stay, ended = case.stay, ending(case)
    is_now_open = stay is not None and ended is None
    if case.person is None or is_now_open or f0_since(case) or (ended and ended.outcome in NOT_THERE):
        return None
    on = max((one.on for one in case.home if one.on and not one.is_at_facility), default=None)
    covered = stay.last_exposure_on if stay and ended and ended.outcome is not Outcome.WRONG_ENTRY else None
    seen = max((day for day in (covered, case.home_dismissed_on) if day), default=None)
    return on if on and (seen is None or on > seen) else None


def order_one(case: Case | None, command: OrderHomeMember, rules: QuarantineRules, now: datetime) -> Case:
    """Order what was proposed: F1 at home, from the exposure, under the document in force today."""
    found, person, on = _proposed(case)
    basis = found.stay.basis if found.stay and found.stay.basis else Basis()
    index = max((one for one in found.home if one.on == on), key=lambda one: one.sequence)
    ordered = order(
        found,
        OrderQuarantine(
            found.person_id,
            command.by,
            person,
            Category.F1,
            Place.HOME,
            on,
            basis.immunity,
            basis.origin,
            paper=command.paper,
            index_person_id=index.index_person_id,
        ),
        rules,
        now,
    )
    return replace(ordered, stay=replace(ordered.stay, is_home_order=True)) if ordered.stay else ordered


def dismiss(case: Case | None, command: DismissHomeMember) -> Case:
    """Decide that no order is needed; an exposure after that day is proposed again."""
    found, person, on = _proposed(case)
    command.by.require(person.area)
    stay = replace(found.stay, note=command.note) if found.stay else None
    return replace(found, stay=stay, home_dismissed_on=on)


def _proposed(case: Case | None) -> tuple[Case, Person, date]:
    if case is None or case.person is None:
        raise CaseNotFound("Không có người này trong địa bàn của bạn.")
    on = proposed_on(case)
    if on is None:
        raise NothingProposed(
            "Không còn gì để quyết định cho người này: đã có quyết định, đã bỏ qua, "
            "hoặc ca F0 đã được rút lại."
        )
    return case, case.person, on
