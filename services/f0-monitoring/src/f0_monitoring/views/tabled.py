"""The rules as they are read: documents, criteria, the chart of NEWS2, the form."""

from datetime import date

from pydantic import BaseModel

from f0_monitoring.domain.model import Level
from f0_monitoring.rulebook.accuracy import Accuracy


class CriterionView(BaseModel):
    """A row: what is measured, past which limit, in whom, what it counts for, and how sure we are."""

    code: str
    label: str
    label_en: str
    meaning: str
    meaning_en: str
    measure: str
    measure_en: str
    threshold: str
    threshold_en: str
    people: str
    people_en: str
    level: Level
    unconfirmed_level: Level | None
    """What one reading counts for until a second one; empty when one is enough."""
    unanswered_minutes: int | None
    is_danger_sign: bool
    document: str
    confidence: str
    note: str
    note_vi: str


class RuleFileView(BaseModel):
    """One dated document with its criteria."""

    version: str
    key: str
    title: str
    title_en: str
    document: str
    document_date: date | None
    effective_from: date
    effective_to: date | None
    replaced_by: str
    confidence: str
    to_be_confirmed: bool
    note: str
    note_vi: str
    criteria: list[CriterionView]


class BandView(BaseModel):
    """A band of the chart of NEWS2: values from *low* to *high* (both included) score *points*."""

    low: float | None
    high: float | None
    points: int


class ChartRowView(BaseModel):
    """A parameter of NEWS2 with its bands."""

    label: str
    label_en: str
    bands: list[BandView]


class SlotRowView(BaseModel):
    """A time of day in which a declaration is owed."""

    name: str
    name_en: str
    opens: str
    due: str


class FormRulesView(BaseModel):
    """How declarations are owed, measured again and believed."""

    version: str
    document: str
    confidence: str
    to_be_confirmed: bool
    note: str
    note_vi: str
    slots: list[SlotRowView]
    calm_hours: int
    confirm_within_hours: int
    remeasure_after_seconds: int
    remeasure_within_seconds: int


class TablesView(BaseModel):
    """Every rule in force on a day, and the days on which rules change."""

    day: date
    today: date
    days: list[date]
    files: list[RuleFileView]
    chart: list[ChartRowView]
    form: FormRulesView
    accuracy: Accuracy | None
