"""
Dated documents as data: who stays how long, counted from which day, tested on which days.

The numbers live in rules/quarantine/protocols/*.yaml, each with its document; here is only what they mean.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from common.kernel.areas import Area
from quarantine.domain.errors import QuarantineNotRequired
from quarantine.domain.model import Category, Immunity, Origin, Place

ONE_DAY = timedelta(days=1)


class FirstDay(StrEnum):
    """Which day counts as the first: the one after the last exposure, or the one the stay starts."""

    AFTER_EXPOSURE = "after_exposure"
    START = "start"


class Mark(StrEnum):
    """How sure the number is: seen in the text, in a secondary source, or only remembered."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class ImmunityNeeded:
    """Doses, the last one neither too fresh nor too old, or a recovery not too long ago (days)."""

    min_doses: int
    dose_at_least_days: int = 0
    dose_at_most_days: int | None = None
    recovered_at_most_days: int | None = None

    def is_met_by(self, immunity: Immunity, on: date) -> bool:
        """Tell whether *immunity* suffices on day *on*; a dose without a date is taken at its word."""
        return self._by_doses(immunity, on) or self._by_recovery(immunity, on)

    def _by_doses(self, immunity: Immunity, on: date) -> bool:
        if immunity.doses < self.min_doses:
            return False
        if immunity.last_dose_on is None:
            return True
        age = (on - immunity.last_dose_on).days
        newest = self.dose_at_most_days
        return age >= self.dose_at_least_days and (newest is None or age <= newest)

    def _by_recovery(self, immunity: Immunity, on: date) -> bool:
        if self.recovered_at_most_days is None or immunity.recovered_on is None:
            return False
        return 0 <= (on - immunity.recovered_on).days <= self.recovered_at_most_days


@dataclass(frozen=True, slots=True)
class Subject:
    """What a protocol looks at in a person."""

    category: Category
    place: Place
    origin: Origin
    immunity: Immunity
    area: Area


@dataclass(frozen=True, slots=True)
class Regime:
    """
    What one kind of person owes: days of quarantine, of monitoring after it, days of tests (day 1 = first).

    Empty *places* or *origins* mean any. *mark* and *source* say how sure the numbers are.
    """

    code: str
    label: str
    categories: tuple[Category, ...]
    isolation_days: int
    mark: Mark
    source: str
    first_day: FirstDay = FirstDay.AFTER_EXPOSURE
    monitoring_days: int = 0
    test_days: tuple[int, ...] = ()
    needs_tests_to_release: bool = False
    places: tuple[Place, ...] = ()
    origins: tuple[Origin, ...] = ()
    immunity: ImmunityNeeded | None = None
    conditions: tuple[str, ...] = ()

    def covers(self, subject: Subject, on: date) -> bool:
        """Tell whether *subject* falls under this regime on day *on*."""
        return (
            subject.category in self.categories
            and (not self.places or subject.place in self.places)
            and (
                not self.origins or subject.category is not Category.ENTRANT or subject.origin in self.origins
            )
            and (self.immunity is None or self.immunity.is_met_by(subject.immunity, on))
        )


@dataclass(frozen=True, slots=True)
class Document:
    """Văn bản: what the numbers are taken from."""

    number: str
    issuer: str
    signed_on: date | None
    title: str


@dataclass(frozen=True, slots=True)
class Protocol:
    """A document in force from one day to another (both included), with regimes in order of precedence."""

    code: str
    document: Document
    effective_from: date
    regimes: tuple[Regime, ...]
    effective_to: date | None = None
    is_adopted: bool = True
    """False keeps a document as data that the province does not apply."""
    provinces: tuple[str, ...] = ()
    """Empty means the whole country."""

    def is_in_force(self, on: date, area: Area) -> bool:
        """Tell whether this document rules in *area* on day *on*."""
        starts = self.is_adopted and self.effective_from <= on
        lasts = self.effective_to is None or on <= self.effective_to
        return starts and lasts and (not self.provinces or area.province_code in self.provinces)


@dataclass(frozen=True, slots=True)
class Plan:
    """Last day and test days (counted from the start, which is 0) that a regime gives."""

    regime: Regime
    ends_on: date
    test_days: tuple[int, ...]


def plan_of(regime: Regime, exposed_on: date, starts_on: date) -> Plan:
    """
    Count the days of *regime*: day n is n days after day zero, the last day is included.

    Day zero is the exposure, or the eve of the start. A test whose day is past is owed on the first day.
    """
    day_zero = exposed_on if regime.first_day is FirstDay.AFTER_EXPOSURE else starts_on - ONE_DAY
    ends_on = day_zero + regime.isolation_days * ONE_DAY
    if regime.isolation_days == 0:
        raise QuarantineNotRequired(
            f"{regime.label}: theo {regime.code} không phải cách ly, chỉ tự theo dõi."
        )
    if ends_on < starts_on:
        raise QuarantineNotRequired(
            f"Tính từ ngày tiếp xúc cuối {exposed_on:%d/%m/%Y}, {regime.isolation_days} ngày đã hết vào "
            f"{ends_on:%d/%m/%Y}. Không cần ra quyết định; nếu nhập nhầm, hãy sửa ngày tiếp xúc.",
            field="last_exposure_on",
        )
    return Plan(regime, ends_on, planned_tests(regime, exposed_on, starts_on))


def planned_tests(regime: Regime, exposed_on: date, starts_on: date) -> tuple[int, ...]:
    """Return the days on which *regime* asks for tests, counted from the start (0), the earliest first."""
    day_zero = exposed_on if regime.first_day is FirstDay.AFTER_EXPOSURE else starts_on - ONE_DAY
    return tuple(sorted({max(0, (day_zero + n * ONE_DAY - starts_on).days) for n in regime.test_days}))
