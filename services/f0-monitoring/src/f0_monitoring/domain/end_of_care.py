"""Kết thúc theo dõi tại nhà (F10): who may be released on which day, with which test."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from common.kernel.areas import Actor
from common.kernel.clock import VIETNAM, local_day
from f0_monitoring.domain import care
from f0_monitoring.domain.access import require_staff
from f0_monitoring.domain.errors import EndTooEarly, NotAtHome, RecordClosed, TestDoesNotCount
from f0_monitoring.domain.facts import PatientClosed
from f0_monitoring.domain.model import DECLARING, CareState, Level, Patient, Step
from f0_monitoring.domain.rules import Course

ENDED_BY_RULE = "end-of-care:"
"""Begins the reason of a step that the rule allowed; the version of the rule and the path follow."""


class Assay(StrEnum):
    """Test nhanh or RT-PCR."""

    RAPID = "rapid"
    PCR = "pcr"


@dataclass(frozen=True, slots=True)
class Path:
    """One way out: from day *from_day* after the positive test (day 0). None means "either"."""

    code: str
    from_day: int
    needs_negative_test: bool = False
    is_fully_vaccinated: bool | None = None


@dataclass(frozen=True, slots=True)
class EndRule:
    """The dated rule. *most_signs* is the worst level of signs with which somebody may be released."""

    version: str
    document: str
    paths: tuple[Path, ...]
    test_from_day: int
    most_signs: Level
    certificate_days: int


class EndRules(Protocol):
    """Which rule was in force on a Vietnamese calendar day."""

    def on(self, day: date) -> EndRule:
        """Return the rule in force on *day*."""


@dataclass(frozen=True, slots=True)
class NegativeTest:
    """A negative test on *taken_on*, done by or under the eyes of health staff (*is_supervised*)."""

    assay: Assay
    taken_on: date
    is_supervised: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """
    What the rule says of a patient on a day.

    *without_test_on* is the first day on which no test is needed, *with_test_on* the first with a negative
    one; *open_paths* are the ways out today if the test is negative; *held_by* says what of their health
    keeps them: `danger-sign`, `signs` or nothing.
    """

    day: int
    with_test_on: date | None
    without_test_on: date
    open_paths: tuple[str, ...]
    held_by: str = ""

    @property
    def may_end(self) -> bool:
        """Tell whether there is a way out today."""
        return bool(self.open_paths) and not self.held_by


@dataclass(frozen=True, slots=True)
class EndCare:
    """Kết thúc theo dõi theo quy định, with a negative test or by days alone."""

    person_id: str
    by: Actor
    rule: EndRule
    test: NegativeTest | None = None

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.person_id


def outlook(patient: Patient, rule: EndRule, today: date) -> Outlook:
    """Return when the rule lets *patient* go, and what stands against it today."""
    concerned = [path for path in rule.paths if _concerns(path, patient)]
    tested = [path.from_day for path in concerned if path.needs_negative_test]
    untested = min(path.from_day for path in concerned if not path.needs_negative_test)
    day = (today - patient.tested_on).days
    return Outlook(
        day=day,
        with_test_on=patient.tested_on + timedelta(days=min(tested)) if tested else None,
        without_test_on=patient.tested_on + timedelta(days=untested),
        open_paths=tuple(path.code for path in concerned if day >= path.from_day),
        held_by=_held_by(patient, rule),
    )


def ended(patient: Patient, command: EndCare, course: Course, now: datetime) -> tuple[Patient, PatientClosed]:
    """
    End the care as the rule allows; the step says by which version and path.

    Refuses `EndTooEarly` with the day from which it is possible, `TestDoesNotCount`, `NotAtHome`.
    """
    require_staff(command.by, patient)
    if patient.is_closed:
        raise RecordClosed("Hồ sơ đã kết thúc.")
    if patient.care not in DECLARING:
        raise NotAtHome("Người bệnh không ở nhà: cơ sở điều trị cho ra viện, rồi trạm kết thúc hồ sơ.")
    today = local_day(now)
    reason = reason_of(patient, command.rule, command.test, today)
    step = Step(CareState.RECOVERED, now, command.by.subject, reason)
    fact = PatientClosed(
        person_id=patient.person_id,
        area=patient.area,
        outcome=CareState.RECOVERED,
        care=patient.care,
        level=patient.risk.level,
        closed_on=today,
    )
    return care.moved(patient, CareState.RECOVERED, step, course, now), fact


def reason_of(patient: Patient, rule: EndRule, test: NegativeTest | None, today: date) -> str:
    """Return by which version and path care ends, for the step; `EndTooEarly`, `TestDoesNotCount`."""
    return f"{ENDED_BY_RULE}{rule.version}.{_path(patient, rule, test, today).code}"


def _path(patient: Patient, rule: EndRule, test: NegativeTest | None, today: date) -> Path:
    seen = outlook(patient, rule, today)
    if seen.held_by:
        raise EndTooEarly(_HELD[seen.held_by])
    if test is not None:
        _check_test(patient, test, rule, today)
    open_ = [path for path in rule.paths if path.code in seen.open_paths]
    allowed = [path for path in open_ if test is not None or not path.needs_negative_test]
    if allowed:
        return max(allowed, key=lambda path: path.needs_negative_test)
    with_test = f"từ {seen.with_test_on:%d/%m/%Y} nếu xét nghiệm âm tính, " if seen.with_test_on else ""
    raise EndTooEarly(
        f"Hôm nay là ngày thứ {seen.day} ({rule.document}). Có thể kết thúc {with_test}"
        f"từ {seen.without_test_on:%d/%m/%Y} nếu không có xét nghiệm âm tính."
    )


def _check_test(patient: Patient, test: NegativeTest, rule: EndRule, today: date) -> None:
    if test.taken_on > today:
        raise TestDoesNotCount("Ngày xét nghiệm ở tương lai. Hãy xem lại.", field="taken_on")
    first = patient.tested_on + timedelta(days=rule.test_from_day)
    if test.taken_on < first:
        raise TestDoesNotCount(
            f"Xét nghiệm trước ngày {first:%d/%m/%Y} không được tính. Hãy xét nghiệm lại.", field="taken_on"
        )
    if not test.is_supervised:
        raise TestDoesNotCount(
            "Xét nghiệm phải do nhân viên y tế làm hoặc giám sát (trực tiếp hoặc qua video).",
            field="is_supervised",
        )


def _concerns(path: Path, patient: Patient) -> bool:
    return path.is_fully_vaccinated in (None, patient.profile.is_fully_vaccinated)


def _held_by(patient: Patient, rule: EndRule) -> str:
    if patient.risk.has_danger_sign:
        return "danger-sign"
    return "signs" if patient.risk.signs.rank > rule.most_signs.rank else ""


_HELD = {
    "danger-sign": "Người bệnh đang có dấu hiệu nguy hiểm. Hãy gọi bác sĩ phụ trách, chưa kết thúc theo dõi.",
    "signs": "Các số đo gần đây còn ở mức nguy cơ. Hãy chờ đủ thời gian ổn định rồi kết thúc.",
}


def certificate_until(rule: EndRule, patient: Patient) -> datetime:
    """Return when a certificate of *patient*, whose care ended by *rule*, stops counting: a midnight here."""
    last_day = local_day(patient.history[-1].at) + timedelta(days=rule.certificate_days)
    return datetime.combine(last_day + timedelta(days=1), time(), VIETNAM)


def rule_of(patient: Patient) -> str:
    """Return the version of the rule and the path by which care ended; empty if an officer closed it."""
    reason = patient.history[-1].reason if patient.care is CareState.RECOVERED else ""
    return reason.removeprefix(ENDED_BY_RULE) if reason.startswith(ENDED_BY_RULE) else ""
