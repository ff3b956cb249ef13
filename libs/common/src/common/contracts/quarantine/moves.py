"""More facts of the quarantine service: tests, other categories and places, communes that hand over, beds."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from common.contracts.base import Code, CommuneCode, DistrictCode, Id, Instant, Payload, PersonFact
from common.contracts.quarantine import CASES, Assay, Category, Place

FACILITIES = "quarantine.facilities.v1"

Beds = Annotated[int, Field(ge=0, le=20_000)]


class Verdict(StrEnum):
    """Âm tính, dương tính, không xác định."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    INCONCLUSIVE = "inconclusive"


class SampledAt(StrEnum):
    """Where a sample was taken."""

    HOME = "home"
    STATION = "station"
    FACILITY = "facility"
    HOSPITAL = "hospital"


class TestRecorded(PersonFact):
    """A test of somebody in quarantine has a result (kết quả xét nghiệm)."""

    type: ClassVar[str] = "quarantine.test-recorded.v1"
    topic: ClassVar[str] = CASES

    test_id: Id
    kind: Assay
    verdict: Verdict
    sampled_at: SampledAt
    taken_on: date
    """The day the sample was taken, which the test counts by; the result may be days younger."""
    recorded_at: Instant


class QuarantineReclassified(PersonFact):
    """Somebody stays in quarantine, as another category (F2 to F1) or at another place."""

    type: ClassVar[str] = "quarantine.quarantine-reclassified.v1"
    topic: ClassVar[str] = CASES

    from_category: Category
    to_category: Category
    from_place: Place
    to_place: Place


class QuarantineHandedOver(PersonFact):
    """A commune gave somebody in quarantine over to another, which accepted."""

    type: ClassVar[str] = "quarantine.quarantine-handed-over.v1"
    topic: ClassVar[str] = CASES

    category: Category
    place: Place
    to_commune_code: CommuneCode
    handed_over_at: Instant


class QuarantineTakenOver(PersonFact):
    """The other half of `QuarantineHandedOver`: the commune that is responsible from now on."""

    type: ClassVar[str] = "quarantine.quarantine-taken-over.v1"
    topic: ClassVar[str] = CASES

    category: Category
    place: Place
    from_commune_code: CommuneCode
    taken_over_at: Instant


class BedVacated(PersonFact):
    """Somebody does not need a bed (any more): the stay ended, went on at home or elsewhere."""

    type: ClassVar[str] = "quarantine.bed-vacated.v1"
    topic: ClassVar[str] = CASES

    facility_id: Id
    assignment_id: Id


class BedAssigned(Payload):
    """A facility gave somebody a bed (cách ly tập trung)."""

    type: ClassVar[str] = "quarantine.bed-assigned.v1"
    topic: ClassVar[str] = FACILITIES
    key: ClassVar[str] = "facility_id"

    facility_id: Id
    commune_code: CommuneCode
    district_code: DistrictCode
    room: Code
    person_id: Id
    assignment_id: Id
    assigned_at: Instant
    beds: Beds
    taken: Beds
    """Beds of the facility, and how many are taken with this one."""
