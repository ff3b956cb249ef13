"""F2 thành F1: the person whom a contact had met became an F0."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from common.kernel.areas import Actor
from common.kernel.clock import local_day
from quarantine.domain.commands import ForPerson
from quarantine.domain.duties import resumed
from quarantine.domain.errors import DateImpossible, NotInQuarantine
from quarantine.domain.model import Case, Category, ExtensionReason
from quarantine.domain.orders import open_stay
from quarantine.domain.protocols import Subject, plan_of
from quarantine.domain.rules import QuarantineRules


@dataclass(frozen=True, slots=True)
class RaiseToF1(ForPerson):
    """An officer accepts that an F2 is an F1 since the F1 whom they met on *met_on* became an F0."""

    by: Actor
    index_person_id: str
    met_on: date
    note: str = ""


def raised(case: Case | None, command: RaiseToF1, rules: QuarantineRules, now: datetime) -> Case:
    """
    Give an open stay of an F2 the days and tests of an F1, counted from the meeting.

    Nobody gets out earlier by it, and tests that are past stay in the list.
    """
    found, person, stay = open_stay(case, command.by)
    if stay.category is Category.F1:
        return found
    if stay.category is not Category.F2:
        raise NotInQuarantine("Người này không cách ly với tư cách F2. Hãy xem lại hồ sơ.")
    if command.met_on > local_day(now):
        raise DateImpossible("Ngày tiếp xúc ở tương lai. Hãy xem lại.", field="met_on")
    exposed_on = max(command.met_on, stay.last_exposure_on)
    basis = stay.basis
    if basis is None:
        raise NotInQuarantine("Hồ sơ cũ thiếu số mũi tiêm. Hãy kết thúc rồi ra quyết định F1 mới.")
    today = local_day(now)
    subject = Subject(Category.F1, stay.place, basis.origin, basis.immunity, person.area)
    regime = rules.regime_for(subject, today)
    plan = plan_of(regime, exposed_on, stay.starts_on)
    past = {day for day in stay.test_days if day < (today - stay.starts_on).days}
    first = replace(
        stay,
        category=Category.F1,
        last_exposure_on=exposed_on,
        ends_on=max(plan.ends_on, stay.ends_on),
        protocol=regime.code,
        test_days=tuple(sorted(past | set(plan.test_days))),
        index_person_id=command.index_person_id or stay.index_person_id,
        duty=resumed(stay, now, rules),
        moved_because=ExtensionReason.EXPOSED_AGAIN,
        note=command.note or stay.note,
    )
    return replace(found, stay=first)
