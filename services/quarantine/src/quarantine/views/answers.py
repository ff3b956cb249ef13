"""What people get back, besides the file itself."""

from datetime import date, datetime

from pydantic import BaseModel

from quarantine.domain.duties import DutyState
from quarantine.domain.model import Category, DeclaredBy
from quarantine.domain.protocols import Mark, Protocol
from quarantine.domain.reports import Report
from quarantine.ports import Worklist
from quarantine.views.case import CaseView
from quarantine.views.supervision.answers import OpenCheckInView

PHONE_SHOWN = 3


class ReceiptView(BaseModel):
    """Số tiếp nhận."""

    receipt: str
    report_id: str
    is_late: bool
    reported_at: datetime
    due_at: datetime | None


class ReportView(BaseModel):
    """A declaration as read back."""

    receipt: str
    report_id: str
    reported_at: datetime
    received_at: datetime
    is_late: bool
    declared_by: DeclaredBy
    temperature_celsius: float | None
    spo2_percent: int | None
    symptoms: list[str]

    @classmethod
    def of(cls, report: Report) -> "ReportView":
        """Build from the row of the ledger."""
        return cls(
            receipt=report.receipt,
            report_id=report.report_id,
            reported_at=report.reported_at,
            received_at=report.received_at,
            is_late=report.is_late,
            declared_by=report.declared_by,
            temperature_celsius=report.temperature_celsius,
            spo2_percent=report.spo2_percent,
            symptoms=list(report.symptoms),
        )


class ReportsView(BaseModel):
    """The latest declarations of a person."""

    items: list[ReportView]


class PersonHit(BaseModel):
    """A person found: enough to tell two people apart, no more."""

    person_id: str
    full_name: str
    birth_year: int | None
    phone_masked: str | None
    id_tail: str | None
    commune_name: str
    status: str
    category: Category
    ends_on: date

    @classmethod
    def of(cls, case: CaseView) -> "PersonHit":
        """Build from the file, leaving most of it out."""
        return cls(
            person_id=case.person_id,
            full_name=case.person.full_name,
            birth_year=case.person.birth_year,
            phone_masked=masked(case.person.phone),
            id_tail=case.person.id_tail,
            commune_name=case.commune_name,
            status=case.status,
            category=case.category,
            ends_on=case.ends_on,
        )


class PeopleView(BaseModel):
    """Who matches what was typed."""

    items: list[PersonHit]


class CountsView(BaseModel):
    """How many files each worklist has."""

    counts: dict[Worklist, int]
    as_of: datetime


class FamilyMember(BaseModel):
    """Somebody of the same household that the signed-in citizen may declare for."""

    person_id: str
    full_name: str
    duty: DutyState


class MeView(BaseModel):
    """Trang của tôi: what is owed today, until when, why."""

    person_id: str
    full_name: str
    commune_name: str
    case: CaseView
    last_receipt: ReportView | None
    family: list[FamilyMember]
    as_of: datetime
    check_in: OpenCheckInView | None = None
    """The check-in that is to be answered now."""


class ReadingView(BaseModel):
    """Who read my data."""

    at: datetime
    roles: list[str]
    purpose: str


class ReadingsView(BaseModel):
    """Ai đã xem dữ liệu của tôi."""

    items: list[ReadingView]


class CommuneView(BaseModel):
    """A commune to choose from."""

    code: str
    name: str
    district_name: str


class CommunesView(BaseModel):
    """Xã, phường thuộc địa bàn."""

    items: list[CommuneView]


class RegimeView(BaseModel):
    """One kind of person under a document."""

    code: str
    label: str
    isolation_days: int
    monitoring_days: int
    test_days: list[int]
    confidence: Mark
    conditions: list[str]


class ProtocolView(BaseModel):
    """A dated document."""

    code: str
    document: str
    title: str
    signed_on: date | None
    effective_from: date
    effective_to: date | None
    is_in_force: bool
    regimes: list[RegimeView]

    @classmethod
    def of(cls, protocol: Protocol, *, is_in_force: bool) -> "ProtocolView":
        """Build from the rules."""
        return cls(
            code=protocol.code,
            document=protocol.document.number,
            title=protocol.document.title,
            signed_on=protocol.document.signed_on,
            effective_from=protocol.effective_from,
            effective_to=protocol.effective_to,
            is_in_force=is_in_force,
            regimes=[
                RegimeView(
                    code=regime.code,
                    label=regime.label,
                    isolation_days=regime.isolation_days,
                    monitoring_days=regime.monitoring_days,
                    test_days=list(regime.test_days),
                    confidence=regime.mark,
                    conditions=list(regime.conditions),
                )
                for regime in protocol.regimes
            ],
        )


class ProtocolsView(BaseModel):
    """Quy định, the newest first."""

    items: list[ProtocolView]


def masked(phone: str | None) -> str | None:
    """Show the last digits of a phone."""
    return f"***{phone[-PHONE_SHOWN:]}" if phone else None
