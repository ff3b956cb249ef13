"""A record as it is read: who, how bad, why, since when silent, who looks after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from common.kernel.clock import local_day
from common.retention import NAME_REMOVED
from f0_monitoring.domain import news2
from f0_monitoring.domain.model import CareState, Level, Patient, Reading, Reason, Step
from f0_monitoring.rulebook.bilingual import Wording

PAPER_SHOWN = 4
NAMELESS = "Chưa bổ sung họ tên"
"""Stands for the name while a record that a fact opened awaits its details."""


class PersonView(BaseModel):
    """Who it is, as far as the reader needs to know."""

    full_name: str
    birth_year: int | None = None
    sex: str = "unknown"
    phone: str | None = None
    id_tail: str | None = None
    address: str | None = None

    @classmethod
    def of(cls, fields: Mapping[str, Any], unnamed: str = NAMELESS) -> "PersonView":
        """Build from the opened seal; papers are shown by their last digits, *unnamed* is for no name."""
        paper = fields.get("cccd") or fields.get("cmnd") or fields.get("passport")
        return cls(
            full_name=fields.get("full_name") or unnamed,
            birth_year=fields.get("birth_year"),
            sex=fields.get("sex", "unknown"),
            phone=fields.get("phone"),
            id_tail=paper[-PAPER_SHOWN:] if paper else None,
            address=fields.get("address"),
        )


class ReasonView(BaseModel):
    """Vì sao: a criterion that fired."""

    criterion: str
    label: str
    label_en: str
    meaning: str
    meaning_en: str
    value: int | float | str
    threshold: str
    document: str
    level: Level
    is_confirmed: bool
    at: datetime | None

    @classmethod
    def of(cls, reason: Reason, wording: Wording | None) -> "ReasonView":
        """Build from the kept reason and the words of the rule file."""
        return cls(
            criterion=reason.criterion,
            label=wording.label if wording else reason.criterion,
            label_en=wording.label_en if wording else reason.criterion,
            meaning=wording.meaning if wording else "",
            meaning_en=wording.meaning_en if wording else "",
            value=reason.value,
            threshold=reason.threshold,
            document=reason.document,
            level=reason.level,
            is_confirmed=reason.is_confirmed,
            at=reason.at,
        )


class RiskView(BaseModel):
    """Nguy cơ."""

    level: Level
    baseline: Level
    signs: Level
    since: datetime
    ruleset: str
    has_danger_sign: bool
    calm_since: datetime | None
    awaits_remeasure_until: datetime | None
    reasons: list[ReasonView]


class ReadingView(BaseModel):
    """The numbers of one declaration, for the trend."""

    report_id: str
    at: datetime
    spo2_percent: int | None
    temperature_celsius: float | None
    pulse_per_minute: int | None
    breaths_per_minute: int | None
    news2: int | None

    @classmethod
    def of(cls, reading: Reading) -> "ReadingView":
        """Build from the kept reading."""
        return cls(**{name: getattr(reading, name) for name in cls.model_fields})


class StepView(BaseModel):
    """Diễn biến: who moved the record, when, why."""

    to_state: CareState
    at: datetime
    by: str
    reason: str


class CarerView(BaseModel):
    """Bác sĩ phụ trách, and how the doctor was found."""

    doctor_id: str
    name: str
    phone: str
    reason: str


class WordedCode(BaseModel):
    """A code and what people read."""

    code: str
    label: str


class PatientView(BaseModel):
    """Hồ sơ F0."""

    person_id: str
    person: PersonView
    commune_code: str
    commune_name: str
    district_code: str
    district_name: str
    age_years: int
    conditions: list[WordedCode]
    pregnant: bool
    vaccination_doses: int
    weight_kg: float | None
    origin: str
    declared_at: datetime
    tested_on: date
    onset_on: date | None
    illness_day: int
    care_state: CareState
    closed_on: date | None
    names_removed_on: date | None = Field(
        default=None, description="Ngày xóa họ tên, địa chỉ, ghi chú vì hết thời hạn lưu"
    )
    risk_level: Level
    risk: RiskView
    news2_applies: bool
    doctor: CarerView | None
    readings: list[ReadingView]
    last_report_at: datetime | None
    next_due_at: datetime | None
    missed_in_a_row: int
    is_silent: bool
    history: list[StepView]
    as_of: datetime


@dataclass(frozen=True)
class Opened:
    """What the seals of a record hold, and names from outside it."""

    person: Mapping[str, Any]
    commune_name: str
    district_name: str
    doctor: CarerView | None
    notes: tuple[str, ...]
    conditions: Mapping[str, str]
    wording: Mapping[str, Wording]


def patient_view(patient: Patient, opened: Opened, now: datetime) -> PatientView:
    """Build the view of a record."""
    profile = patient.profile
    first_day = min(patient.tested_on, patient.onset_on or patient.tested_on)
    return PatientView(
        person_id=patient.person_id,
        person=PersonView.of(opened.person, unnamed(patient)),
        commune_code=patient.area.commune_code,
        commune_name=opened.commune_name,
        district_code=patient.area.district_code,
        district_name=opened.district_name,
        age_years=profile.age_years,
        conditions=[
            WordedCode(code=code, label=opened.conditions.get(code, code)) for code in profile.conditions
        ],
        pregnant=profile.pregnant,
        vaccination_doses=profile.vaccination_doses,
        weight_kg=profile.weight_kg,
        origin=patient.origin.value,
        declared_at=patient.declared_at,
        tested_on=patient.tested_on,
        onset_on=patient.onset_on,
        illness_day=(local_day(now) - first_day).days + 1,
        care_state=patient.care,
        closed_on=patient.closed_on,
        names_removed_on=patient.forgotten_on,
        risk_level=patient.risk.level,
        risk=_risk(patient, opened),
        news2_applies=news2.applies_to(profile),
        doctor=opened.doctor,
        readings=[ReadingView.of(reading) for reading in patient.readings],
        last_report_at=patient.last_report_at,
        next_due_at=patient.next_due_at,
        missed_in_a_row=patient.missed_in_a_row,
        is_silent=patient.missed_in_a_row > 0,
        history=[_step(step, note) for step, note in zip(patient.history, opened.notes, strict=True)],
        as_of=now,
    )


def unnamed(patient: Patient) -> str:
    """Return what stands for the name of a record that has none: not known yet, or removed in its time."""
    return NAME_REMOVED if patient.forgotten_on else NAMELESS


def _risk(patient: Patient, opened: Opened) -> RiskView:
    risk = patient.risk
    return RiskView(
        level=risk.level,
        baseline=risk.baseline,
        signs=risk.signs,
        since=risk.since,
        ruleset=risk.ruleset,
        has_danger_sign=risk.has_danger_sign,
        calm_since=risk.calm_since,
        awaits_remeasure_until=patient.doubt.unanswered_at if patient.doubt else None,
        reasons=[ReasonView.of(reason, opened.wording.get(reason.criterion)) for reason in risk.reasons],
    )


def _step(step: Step, note: str) -> StepView:
    return StepView(to_state=step.to_state, at=step.at, by=step.by, reason=note or step.reason)
