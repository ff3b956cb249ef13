"""
Khai báo y tế: one declaration, recorded once.

It needs no change of the person's file, so it is appended to a ledger; the file hears of it afterwards.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from common.kernel.areas import Area, app_of
from common.kernel.clock import local_day
from common.kernel.decision import Decision
from quarantine.domain.access import declares_as
from quarantine.domain.commands import RecordReport
from quarantine.domain.errors import (
    CaseNotFound,
    DeclarationNotOwed,
    FutureDated,
    ImpossibleMeasurement,
    TooLongAgo,
)
from quarantine.domain.facts import HealthReported
from quarantine.domain.model import Case, DeclaredBy, Outcome, Person, Stay
from quarantine.domain.rules import QuarantineRules, Supervision
from quarantine.domain.standing import ending

RECEIPT_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U to misread over the telephone."""


@dataclass(frozen=True, slots=True)
class Declarants:
    """The file a declaration is for, and the declarant's own file if they have one."""

    case: Case | None
    own: Case | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A declaration as kept."""

    report_id: str
    receipt: str
    person_id: str
    area: Area
    declared_by: DeclaredBy
    entered_by: str
    reported_at: datetime
    received_at: datetime
    is_late: bool
    due_at: datetime | None
    temperature_celsius: float | None
    spo2_percent: int | None
    symptoms: tuple[str, ...]
    channel: str = ""
    """How it came when not from our own pages: `app:<partner>`, `sms`."""


def record(
    context: Declarants | None, command: RecordReport, rules: QuarantineRules, now: datetime
) -> Decision[Report]:
    """
    Record a daily declaration; late is marked by the time of the event, not of its arrival.

    Refuses strangers, times that cannot be, and measurements that no living person shows.
    """
    case, person, stay, declared_by = _who(context, command)
    supervision = rules.supervision(local_day(command.reported_at))
    _refuse_impossible_time(command.reported_at, supervision, now)
    _refuse_impossible_values(command, supervision)
    _refuse_outside_stay(case, stay, command.reported_at)
    due_at = _due_at(stay, command.reported_at, supervision)
    is_late = due_at is not None and command.reported_at > due_at
    report = Report(
        report_id=command.report_id,
        receipt=receipt_of(command.report_id),
        person_id=case.person_id,
        area=person.area,
        declared_by=declared_by,
        entered_by=command.by.subject,
        reported_at=command.reported_at,
        received_at=now,
        is_late=is_late,
        due_at=due_at,
        temperature_celsius=command.temperature_celsius,
        spo2_percent=command.spo2_percent,
        symptoms=command.symptoms,
        channel=command.channel,
    )
    return Decision(report, (fact_of(report),), answer=_answer(report))


def fact_of(report: Report) -> HealthReported:
    """Return the fact that *report* was recorded."""
    return HealthReported(
        report.person_id,
        report.area,
        report_id=report.report_id,
        reported_at=report.reported_at,
        received_at=report.received_at,
        is_late=report.is_late,
        declared_by=report.declared_by,
        due_at=report.due_at,
        temperature_celsius=report.temperature_celsius,
        spo2_percent=report.spo2_percent,
        symptoms=report.symptoms,
        channel=report.channel or app_of(report.entered_by),
    )


def _answer(report: Report) -> dict[str, object]:
    return {
        "receipt": report.receipt,
        "report_id": report.report_id,
        "is_late": report.is_late,
        "reported_at": report.reported_at.isoformat(),
        "due_at": report.due_at.isoformat() if report.due_at else None,
    }


def receipt_of(report_id: str) -> str:
    """Return the receipt number (số tiếp nhận) of a declaration: eight letters and digits."""
    number = UUID(report_id).int & ((1 << 40) - 1)
    letters = [RECEIPT_ALPHABET[(number >> shift) & 31] for shift in range(35, -1, -5)]
    return f"CL-{''.join(letters[:4])}-{''.join(letters[4:])}"


def _who(context: Declarants | None, command: RecordReport) -> tuple[Case, Person, Stay, DeclaredBy]:
    case = context.case if context else None
    if context is None or case is None or case.person is None or case.stay is None:
        raise CaseNotFound("Không có hồ sơ cách ly của người này. Hãy gọi trạm y tế nếu bạn nghĩ là có.")
    is_same = command.by.person_id in case.joined.aliases
    role = DeclaredBy.SELF if is_same else declares_as(command.by, case.person_id, case.person, context.own)
    if role is None:
        raise CaseNotFound(
            "Bạn chưa được khai thay cho người này. Hãy nhờ trạm y tế ghi bạn là người thân khai hộ."
        )
    if role is DeclaredBy.SELF and command.declared_by is DeclaredBy.RELATIVE:
        role = DeclaredBy.RELATIVE  # a relative holding the person's own phone
    return case, case.person, case.stay, role


def _refuse_impossible_time(reported_at: datetime, rules: Supervision, now: datetime) -> None:
    if reported_at > now + rules.clock_tolerance:
        raise FutureDated(
            "Giờ khai báo ở sau giờ hiện tại. Hãy chỉnh lại đồng hồ của máy rồi gửi lại.", field="reported_at"
        )
    if reported_at < now - rules.oldest_report:
        raise TooLongAgo(
            f"Tờ khai đã quá {rules.oldest_report.days} ngày. Hãy khai cho hôm nay.", field="reported_at"
        )


def _refuse_impossible_values(command: RecordReport, rules: Supervision) -> None:
    low, high = rules.temperature_celsius
    if command.temperature_celsius is not None and not low <= command.temperature_celsius <= high:
        raise ImpossibleMeasurement(
            f"Thân nhiệt phải từ {low:g} đến {high:g} °C. Hãy đo lại, hoặc xem dấu phẩy (37,5).",
            field="temperature_celsius",
        )
    least, most = rules.spo2_percent
    if command.spo2_percent is not None and not least <= command.spo2_percent <= most:
        raise ImpossibleMeasurement(
            f"SpO2 phải từ {least} đến {most} %. Hãy đo lại, xem có nhầm với nhịp tim không.",
            field="spo2_percent",
        )


def _refuse_outside_stay(case: Case, stay: Stay, reported_at: datetime) -> None:
    ended = ending(case)
    if ended is not None and reported_at > ended.at:
        if ended.outcome is Outcome.BECAME_F0:
            raise DeclarationNotOwed(
                "Người này đã chuyển sang theo dõi F0. Hãy khai ở trang theo dõi F0 tại nhà."
            )
        raise DeclarationNotOwed(
            f"Đợt cách ly đã kết thúc ngày {ended.on:%d/%m/%Y}, không phải khai nữa. "
            "Nếu thấy không khỏe, hãy gọi trạm y tế hoặc 115."
        )
    if local_day(reported_at) < stay.starts_on:
        raise DeclarationNotOwed(
            f"Đợt cách ly bắt đầu ngày {stay.starts_on:%d/%m/%Y}; không khai cho ngày trước đó.",
        )


def _due_at(stay: Stay, reported_at: datetime, rules: Supervision) -> datetime | None:
    """Return the deadline this declaration answers; None on days that owe none."""
    day = local_day(reported_at)
    return rules.due_at(day) if day <= stay.ends_on else None
