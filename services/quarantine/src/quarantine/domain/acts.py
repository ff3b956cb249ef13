"""Wishes addressed to a file about tests, cases at home, handing over and beds; and their facts."""

from dataclasses import dataclass
from datetime import date, datetime

from common.kernel.areas import Actor, Area
from quarantine.domain.commands import ForPerson
from quarantine.domain.facts import PersonFact
from quarantine.domain.model import Category, OrderPaper, Place
from quarantine.domain.registers import Bed, HomeExposure
from quarantine.domain.swabs import Assay, SampledAt, Verdict


@dataclass(frozen=True, slots=True)
class Act(ForPerson):
    """One of the commands of this module."""


@dataclass(frozen=True, slots=True)
class RecordTest(Act):
    """Ghi kết quả xét nghiệm. *test_id* derives from the request; a positive one makes an F0."""

    by: Actor
    test_id: str
    kind: Assay
    verdict: Verdict
    sampled_at: SampledAt
    taken_at: datetime
    resulted_at: datetime | None = None
    sample_id: str = ""
    age_years: int | None = None


@dataclass(frozen=True, slots=True)
class NoteHomeCase(Act):
    """Người cùng nhà là F0, or turned out not to be."""

    exposure: HomeExposure


@dataclass(frozen=True, slots=True)
class LookAtHome(ForPerson):
    """Something happened to somebody that their household must hear of; the door knows who that is."""


@dataclass(frozen=True, slots=True)
class OrderHomeMember(Act):
    """Ra quyết định cho người trong nhà: what was proposed becomes an order."""

    by: Actor
    paper: OrderPaper | None = None


@dataclass(frozen=True, slots=True)
class DismissHomeMember(Act):
    """Không cần quyết định: somebody who does not live there (any more), say. *note* is sealed prose."""

    by: Actor
    note: str


@dataclass(frozen=True, slots=True)
class AskHandover(Act):
    """Đề nghị chuyển sang xã khác. *sealed* holds the new address and why."""

    by: Actor
    handover_id: str
    taker: Area
    sealed: str
    with_household: bool = False


@dataclass(frozen=True, slots=True)
class AcceptHandover(Act):
    """Nhận: *sealed* is the person with the new address; *household_id* is where they live from now on."""

    by: Actor
    handover_id: str
    sealed: str
    household_id: str


@dataclass(frozen=True, slots=True)
class RefuseHandover(Act):
    """Từ chối (the taker) or rút lại (the giver), with sealed words."""

    by: Actor
    handover_id: str
    note: str
    is_withdrawal: bool = False


@dataclass(frozen=True, slots=True)
class NoteBed(Act):
    """A facility gave the person a bed."""

    bed: Bed


@dataclass(frozen=True, slots=True)
class GoHome(Act):
    """Chuyển về cách ly tại nhà: the bed is free, the days go on."""

    by: Actor


@dataclass(frozen=True, slots=True)
class TestRecorded(PersonFact):
    """A test has a result."""

    test_id: str
    kind: Assay
    verdict: Verdict
    sampled_at: SampledAt
    taken_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class QuarantineReclassified(PersonFact):
    """A stay goes on as another category or at another place."""

    from_category: Category
    to_category: Category
    from_place: Place
    to_place: Place


@dataclass(frozen=True, slots=True)
class QuarantineHandedOver(PersonFact):
    """*area* is the commune that gave."""

    category: Category
    place: Place
    taker: Area
    at: datetime


@dataclass(frozen=True, slots=True)
class QuarantineTakenOver(PersonFact):
    """*area* is the commune that took."""

    category: Category
    place: Place
    giver: Area
    at: datetime


@dataclass(frozen=True, slots=True)
class BedVacated(PersonFact):
    """A bed is not needed (any more)."""

    facility_id: str
    assignment_id: str
