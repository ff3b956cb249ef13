"""A file as it is read: who, until when, why, what is owed today."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from common.kernel.clock import local_day
from quarantine.domain.duties import DutyState, missed_in_a_row, today
from quarantine.domain.model import (
    Case,
    Category,
    ExtensionReason,
    OrderPaper,
    Outcome,
    PastStay,
    Person,
    Place,
    Stay,
)
from quarantine.domain.orders import release_from
from quarantine.domain.protocols import FirstDay, Mark, Protocol, Regime
from quarantine.domain.registers import HandoverState
from quarantine.domain.rules import QuarantineRules
from quarantine.domain.standing import ending
from quarantine.views.reasons import counted, counted_en, english
from quarantine.views.stay import BedView, TestView

PAPER_SHOWN = 4


class PersonView(BaseModel):
    """Who it is, as far as the reader needs to know."""

    full_name: str
    birth_year: int | None = None
    sex: str = "unknown"
    phone: str | None = None
    id_tail: str | None = None
    address: str | None = None

    @classmethod
    def of(cls, fields: dict[str, Any]) -> "PersonView":
        """Build from the opened seal; papers are shown by their last digits."""
        paper = fields.get("cccd") or fields.get("cmnd") or fields.get("passport")
        return cls(
            full_name=fields["full_name"],
            birth_year=fields.get("birth_year"),
            sex=fields.get("sex", "unknown"),
            phone=fields.get("phone"),
            id_tail=paper[-PAPER_SHOWN:] if paper else None,
            address=fields.get("address"),
        )


class ReasonView(BaseModel):
    """Vì sao: the document and the sentence behind the days."""

    protocol: str
    document: str
    title: str
    text: str
    conditions: list[str]
    confidence: Mark | None
    text_en: str = ""
    counted: str = ""
    counted_en: str = ""
    moved_because: ExtensionReason | None = None


class DutyView(BaseModel):
    """Việc hôm nay."""

    state: DutyState
    day: date
    opens_at: datetime
    due_at: datetime
    missed_in_a_row: int
    last_reported_at: datetime | None
    has_symptoms: bool


class PastView(BaseModel):
    """An earlier stay."""

    category: Category
    place: Place
    starts_on: date
    ends_on: date
    outcome: Outcome
    ended_on: date

    @classmethod
    def of(cls, past: PastStay) -> "PastView":
        """Build from the line that is kept."""
        return cls(
            category=past.category,
            place=past.place,
            starts_on=past.starts_on,
            ends_on=past.ends_on,
            outcome=past.outcome,
            ended_on=past.ended_on,
        )


class PaperView(BaseModel):
    """Quyết định."""

    number: str
    kind: str
    signed_on: date | None

    @classmethod
    def of(cls, paper: OrderPaper | None) -> "PaperView | None":
        """Build from the order on paper, if there is one."""
        return cls(number=paper.number, kind=paper.kind, signed_on=paper.signed_on) if paper else None


@dataclass(frozen=True)
class Opened:
    """What the seals of a file hold, and the name of its commune."""

    fields: dict[str, Any]
    commune_name: str
    note: str | None = None


class CaseView(BaseModel):
    """Hồ sơ cách ly."""

    person_id: str
    person: PersonView
    commune_code: str
    commune_name: str
    district_code: str
    household_id: str
    category: Category
    place: Place
    status: str
    outcome: Outcome | None
    ended_on: date | None
    last_exposure_on: date
    starts_on: date
    ends_on: date
    day: int
    days: int
    release_from_on: date
    reason: ReasonView
    tests: list[TestView]
    duty: DutyView
    paper: PaperView | None
    note: str | None
    past: list[PastView]
    moved_because: ExtensionReason | None = None
    bed: BedView | None = None
    handover: HandoverState | None = None


def case_view(
    case: Case,
    person: Person,
    stay: Stay,
    opened: Opened,
    rules: QuarantineRules,
    now: datetime,
) -> CaseView:
    """Build the view of a file from its parts and the opened personal fields."""
    ended, days = ending(case), (stay.ends_on - stay.starts_on).days + 1
    return CaseView(
        person_id=case.person_id,
        person=PersonView.of(opened.fields),
        commune_code=person.area.commune_code,
        commune_name=opened.commune_name,
        district_code=person.area.district_code,
        household_id=person.household_id,
        category=stay.category,
        place=stay.place,
        status="ended" if ended else "open",
        outcome=ended.outcome if ended else None,
        ended_on=ended.on if ended else None,
        last_exposure_on=stay.last_exposure_on,
        starts_on=stay.starts_on,
        ends_on=stay.ends_on,
        day=min(days, max(1, (local_day(now) - stay.starts_on).days + 1)),
        days=days,
        release_from_on=release_from(stay, rules),
        reason=reason_of(stay, rules),
        tests=TestView.all_of(stay, local_day(now)),
        duty=_duty_of(case, stay, rules, now),
        paper=PaperView.of(stay.paper),
        note=opened.note,
        past=[PastView.of(line) for line in case.past],
        moved_because=stay.moved_because,
        bed=BedView.of(stay.bed),
        handover=stay.handover.state if stay.handover else None,
    )


def reason_of(stay: Stay, rules: QuarantineRules) -> ReasonView:
    """Say in Vietnamese which document keeps somebody how long."""
    found = rules.find(stay.protocol)
    if found is None:
        return ReasonView(
            protocol=stay.protocol, document="", title="", text="", conditions=[], confidence=None
        )
    protocol, regime = found
    return ReasonView(
        protocol=regime.code,
        document=protocol.document.number,
        title=protocol.document.title,
        text=f"{regime.label}: {days_of(regime)}, theo {named(protocol)}.",
        conditions=list(regime.conditions),
        confidence=regime.mark,
        text_en=english(stay.category, regime, named(protocol)),
        counted=counted(stay, regime),
        counted_en=counted_en(stay, regime),
        moved_because=stay.moved_because,
    )


def days_of(regime: Regime) -> str:
    """Say how many days a regime keeps somebody, counted from what, and what comes after."""
    counted = (
        "kể từ lần tiếp xúc cuối" if regime.first_day is FirstDay.AFTER_EXPOSURE else "kể từ ngày bắt đầu"
    )
    after = f", sau đó tự theo dõi {regime.monitoring_days} ngày" if regime.monitoring_days else ""
    return f"{regime.isolation_days} ngày {counted}{after}"


def named(protocol: Protocol) -> str:
    """Name a document with the day of its signing."""
    signed = protocol.document.signed_on
    return f"{protocol.document.number} ({signed:%d/%m/%Y})" if signed else protocol.document.number


def _duty_of(case: Case, stay: Stay, rules: QuarantineRules, now: datetime) -> DutyView:
    duty = today(case, rules, now)
    return DutyView(
        state=duty.state,
        day=duty.day,
        opens_at=duty.opens_at,
        due_at=duty.due_at,
        missed_in_a_row=missed_in_a_row(stay.duty),
        last_reported_at=stay.duty.last_reported_at,
        has_symptoms=stay.duty.has_symptoms,
    )
