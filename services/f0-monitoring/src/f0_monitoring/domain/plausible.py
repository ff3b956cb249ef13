"""What cannot be true: numbers, times, days and words that are refused with what to do next."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from common.kernel.errors import Invalid
from f0_monitoring.domain.commands import DeclarePatient
from f0_monitoring.domain.errors import (
    ImpossibleMeasurement,
    ReportedInTheFuture,
    ReportedTooLongAgo,
    UnknownCondition,
    UnknownSymptom,
)
from f0_monitoring.domain.model import Profile, Vitals
from f0_monitoring.domain.rules import Course

OLDEST_TEST_DAYS = 60
"""A positive test older than this is not an illness to watch at home (a mistyped year, mostly)."""


def check_vitals(vitals: Vitals, course: Course) -> None:
    """Refuse numbers that cannot be: SpO2 130, temperature 370, a lower pressure above the upper one."""
    for name, bounds in course.bounds.items():
        value = getattr(vitals, name)
        if value is not None and not bounds.lowest <= value <= bounds.highest:
            shown = f"{value:g}".replace(".", ",")
            raise ImpossibleMeasurement(f"{shown}: {bounds.advice}", field=name)
    upper, lower = vitals.systolic_mmhg, vitals.diastolic_mmhg
    if upper is not None and lower is not None and lower >= upper:
        raise ImpossibleMeasurement(
            f"Huyết áp {upper}/{lower}: số dưới phải nhỏ hơn số trên. Hãy xem lại hai số.",
            field="diastolic_mmhg",
        )


def require_plausible_time(reported_at: datetime, now: datetime, course: Course) -> None:
    """Refuse declarations from the future (beyond clock skew) and from too long ago."""
    if reported_at > now + timedelta(minutes=course.ahead_minutes_max):
        raise ReportedInTheFuture(
            "Giờ khai báo muộn hơn giờ hiện tại. Hãy chỉnh đồng hồ điện thoại về tự động rồi gửi lại.",
            field="reported_at",
        )
    if reported_at < now - timedelta(days=course.oldest_days):
        raise ReportedTooLongAgo(
            f"Tờ khai đã quá {course.oldest_days} ngày. Hãy khai tờ mới theo sức khỏe hôm nay.",
            field="reported_at",
        )


def known_codes(
    given: tuple[str, ...], known: frozenset[str], aliases: Mapping[str, str]
) -> tuple[str, ...] | None:
    """Return *given* in the words of the form, each once; None when one is unknown."""
    named = tuple(dict.fromkeys(aliases.get(code, code) for code in given))
    return named if all(code in known for code in named) else None


def known_conditions(given: tuple[str, ...], course: Course) -> tuple[str, ...]:
    """Return underlying diseases in the words of the list; refuse what is not on it."""
    named = known_codes(given, course.conditions, course.condition_aliases)
    if named is None:
        raise UnknownCondition(_unknown(given, course.conditions), field="conditions")
    return named


def known_symptoms(given: tuple[str, ...], course: Course) -> tuple[str, ...]:
    """Return symptoms in the words of the form; refuse what is not on it."""
    named = known_codes(given, course.symptoms, course.symptom_aliases)
    if named is None:
        raise UnknownSymptom(_unknown(given, course.symptoms), field="symptoms")
    return named


def _unknown(given: tuple[str, ...], known: frozenset[str]) -> str:
    return (
        f"Không hiểu mã: {', '.join(sorted(set(given) - known))}. Hãy chọn trong: {', '.join(sorted(known))}."
    )


def require_plausible_days(command: DeclarePatient, today: date) -> None:
    """Refuse test and onset days that cannot be."""
    if command.tested_on > today:
        raise Invalid("Ngày xét nghiệm ở tương lai. Hãy xem lại.", field="tested_on")
    if command.tested_on < today - timedelta(days=OLDEST_TEST_DAYS):
        raise Invalid(
            f"Ngày xét nghiệm đã quá {OLDEST_TEST_DAYS} ngày. Hãy xem lại năm; ca cũ nhập theo danh sách.",
            field="tested_on",
        )
    if command.onset_on is not None and command.onset_on > today:
        raise Invalid("Ngày khởi phát ở tương lai. Hãy xem lại.", field="onset_on")


def checked_profile(profile: Profile, course: Course) -> Profile:
    """Return *profile* with diseases in the words of the list; refuse what cannot be."""
    if profile.pregnant and profile.sex == "male":
        raise Invalid(
            "Hồ sơ ghi giới tính nam nên không thể mang thai. Hãy xem lại hai mục này.", field="pregnant"
        )
    return replace(profile, conditions=known_conditions(profile.conditions, course))
