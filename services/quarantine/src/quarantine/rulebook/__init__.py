"""Reads rules/quarantine: YAML files become the dated rules that the domain decides by."""

from datetime import date, time, timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from common.rules import Confidence, DatedRules, RuleBook, load_rules
from quarantine.domain.enrolment import ConsentText
from quarantine.domain.model import Category, Origin, Place
from quarantine.domain.protocols import Document, FirstDay, ImmunityNeeded, Mark, Protocol, Regime
from quarantine.domain.rules import QuarantineRules, ReleaseFrom, Supervision

LONGEST_DAYS = 60


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ImmunityFile(_Part):
    """Doses and days that count as protection."""

    min_doses: int = Field(ge=1)
    dose_at_least_days: int = Field(default=0, ge=0)
    dose_at_most_days: int | None = Field(default=None, ge=1)
    recovered_at_most_days: int | None = Field(default=None, ge=1)


class RegimeFile(_Part):
    """What one kind of person owes under a document."""

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    label: str
    categories: tuple[Category, ...] = Field(min_length=1)
    places: tuple[Place, ...] = ()
    origins: tuple[Origin, ...] = ()
    immunity: ImmunityFile | None = None
    first_day: FirstDay = FirstDay.AFTER_EXPOSURE
    isolation_days: int = Field(ge=0, le=LONGEST_DAYS)
    monitoring_days: int = Field(default=0, ge=0, le=LONGEST_DAYS)
    test_days: tuple[int, ...] = ()
    needs_tests_to_release: bool = False
    confidence: Confidence
    source: str = Field(min_length=1)
    conditions: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _tests_fall_into_the_stay(self) -> Self:
        if any(not 1 <= day <= self.isolation_days for day in self.test_days):
            raise ValueError("a test day lies outside the days of quarantine")
        return self


class ProtocolFile(DatedRules):
    """One document."""

    issuer: str
    is_adopted: bool = True
    provinces: tuple[str, ...] = ()
    regimes: tuple[RegimeFile, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _regimes_have_their_own_names(self) -> Self:
        codes = [regime.code for regime in self.regimes]
        if len(set(codes)) != len(codes):
            raise ValueError("two regimes have the same code")
        return self


class DeclarationFile(_Part):
    """The daily duty. Times are Vietnamese."""

    opens: time
    due: time
    notice_hours: int = Field(ge=0, le=24)
    grace_seconds: int = Field(ge=1, le=50)
    """Absence must be known within a minute of the deadline."""
    oldest_days: int = Field(ge=1, le=60)
    clock_tolerance_minutes: int = Field(ge=0, le=60)


class MeasurementsFile(_Part):
    """What can be measured on a living person at all: lowest and highest."""

    temperature_celsius: tuple[float, float]
    spo2_percent: tuple[int, int]


class ReleaseFile(_Part):
    """When the days are done."""

    from_: ReleaseFrom = Field(alias="from")


class SupervisionFile(DatedRules):
    """Parameters of the daily duty and the release."""

    declaration: DeclarationFile
    measurements: MeasurementsFile
    release: ReleaseFile


def read_rules(folder: Path, *, as_of: date | None = None) -> QuarantineRules:
    """
    Read and check every rule file below *folder* (rules/quarantine).

    Raises `common.rules.RuleFileInvalid` naming the file. *as_of* pins the day whose rules apply.
    """
    protocols = load_rules(folder / "protocols", ProtocolFile)
    supervisions = load_rules(folder / "supervision", SupervisionFile)
    return QuarantineRules(
        tuple(_protocol(file) for file in protocols.versions), _supervisions(supervisions), as_of
    )


def _protocol(file: ProtocolFile) -> Protocol:
    document = Document(file.document, file.issuer, file.document_date, file.title)
    regimes = tuple(_regime(file.version, regime) for regime in file.regimes)
    return Protocol(
        code=file.version,
        document=document,
        effective_from=file.effective_from,
        effective_to=file.effective_to,
        is_adopted=file.is_adopted,
        provinces=file.provinces,
        regimes=regimes,
    )


def _regime(version: str, file: RegimeFile) -> Regime:
    return Regime(
        code=f"{version}.{file.code}",
        label=file.label,
        categories=file.categories,
        places=file.places,
        origins=file.origins,
        immunity=ImmunityNeeded(**file.immunity.model_dump()) if file.immunity else None,
        first_day=file.first_day,
        isolation_days=file.isolation_days,
        monitoring_days=file.monitoring_days,
        test_days=file.test_days,
        needs_tests_to_release=file.needs_tests_to_release,
        mark=Mark(file.confidence.value),
        source=file.source,
        conditions=file.conditions,
    )


def _supervisions(book: RuleBook[SupervisionFile]) -> tuple[Supervision, ...]:
    return tuple(
        Supervision(
            code=file.version,
            effective_from=file.effective_from,
            effective_to=file.effective_to,
            opens=file.declaration.opens,
            due=file.declaration.due,
            notice=timedelta(hours=file.declaration.notice_hours),
            grace=timedelta(seconds=file.declaration.grace_seconds),
            oldest_report=timedelta(days=file.declaration.oldest_days),
            clock_tolerance=timedelta(minutes=file.declaration.clock_tolerance_minutes),
            temperature_celsius=file.measurements.temperature_celsius,
            spo2_percent=file.measurements.spo2_percent,
            release_from=file.release.from_,
        )
        for file in book.versions
    )


class WordedFile(_Part):
    """A consent text in one language."""

    title: str
    text: str


class ConsentFile(DatedRules):
    """One purpose that people agree to; its `key` names the purpose."""

    is_required: bool
    vi: WordedFile
    en: WordedFile

    def to_text(self) -> ConsentText:
        """Return what the domain needs to know of it."""
        return ConsentText(self.key, self.version, self.effective_from, self.effective_to, self.is_required)


class RetentionClass(_Part):
    """How long one class of data is kept, from when, and what happens then."""

    code: Literal["declarations", "file", "readings", "phones", "photos"]
    keep_days: int = Field(ge=1, le=36_500)
    counted_from: Literal["received", "ended", "noted", "revoked"]
    how: Literal["deleted", "anonymised"]
    can_be_erased: bool
    vi: str
    en: str


class RetentionFile(DatedRules):
    """The classes of data of this service."""

    classes: tuple[RetentionClass, ...] = Field(min_length=1)

    def keep(self, code: str) -> timedelta:
        """Return how long a class is kept."""
        return next(timedelta(days=one.keep_days) for one in self.classes if one.code == code)


def read_consents(folder: Path) -> RuleBook[ConsentFile]:
    """Read rules/consent."""
    return load_rules(folder, ConsentFile)


def read_retention(folder: Path) -> RuleBook[RetentionFile]:
    """Read rules/retention."""
    return load_rules(folder, RetentionFile)


class PartnerFile(DatedRules):
    """What an app may bring; its `key` is the client's subject in the tokens."""

    may_send: tuple[Literal["temperature_celsius", "spo2_percent", "symptoms"], ...] = Field(min_length=1)
    channel: str = Field(pattern=r"^app:[a-z0-9-]{1,30}$")


def read_partners(folder: Path) -> RuleBook[PartnerFile]:
    """Read rules/partners."""
    return load_rules(folder, PartnerFile)
