"""Facts about tests, cases at home, handing over and beds: ours as events, and heard again as commands."""

from collections.abc import Callable
from typing import Any

from common.contracts import quarantine as contract
from common.contracts.base import Payload
from common.contracts.event import Event
from common.contracts.quarantine import moves
from common.kernel.decision import Fact
from quarantine.domain import acts, facility
from quarantine.domain.facts import PersonFact
from quarantine.domain.registers import Bed


def to_look_at_home(
    event: Event[contract.ContactBecameF0] | Event[contract.QuarantineOrdered],
) -> acts.LookAtHome:
    """Somebody is an F0, or in quarantine (again): those who live with them must hear."""
    return acts.LookAtHome(event.data.person_id)


def to_note_bed(event: Event[moves.BedAssigned]) -> acts.NoteBed:
    """A facility gave somebody a bed: their file hears of it."""
    data = event.data
    bed = Bed(data.assignment_id, data.facility_id, data.room, data.assigned_at)
    return acts.NoteBed(data.person_id, bed)


def to_free_bed(event: Event[moves.BedVacated]) -> facility.FreeBed:
    """A bed is not needed any more: the facility hears of it."""
    data = event.data
    return facility.FreeBed(data.facility_id, data.person_id, data.assignment_id)


def to_facility_event(fact: Fact) -> Payload:
    """Return the contract event of a facility's fact."""
    if not isinstance(fact, facility.BedAssigned):
        raise TypeError(f"no event for {type(fact).__name__}")
    place, occupant = fact.facility, fact.occupant
    return moves.BedAssigned(
        facility_id=place.facility_id,
        commune_code=place.area.commune_code,
        district_code=place.area.district_code,
        room=occupant.room,
        person_id=occupant.person_id,
        assignment_id=occupant.assignment_id,
        assigned_at=occupant.since,
        beds=place.beds,
        taken=len(place.occupants),
    )


def _of(fact: PersonFact) -> dict[str, Any]:
    return {
        "person_id": fact.person_id,
        "commune_code": fact.area.commune_code,
        "district_code": fact.area.district_code,
    }


def _tested(fact: acts.TestRecorded) -> Payload:
    return moves.TestRecorded(
        **_of(fact),
        test_id=fact.test_id,
        kind=contract.Assay(fact.kind.value),
        verdict=moves.Verdict(fact.verdict.value),
        sampled_at=moves.SampledAt(fact.sampled_at.value),
        taken_on=fact.taken_on,
        recorded_at=fact.recorded_at,
    )


def _reclassified(fact: acts.QuarantineReclassified) -> Payload:
    return moves.QuarantineReclassified(
        **_of(fact),
        from_category=contract.Category(fact.from_category.value),
        to_category=contract.Category(fact.to_category.value),
        from_place=contract.Place(fact.from_place.value),
        to_place=contract.Place(fact.to_place.value),
    )


def _handed_over(fact: acts.QuarantineHandedOver) -> Payload:
    return moves.QuarantineHandedOver(
        **_of(fact),
        category=contract.Category(fact.category.value),
        place=contract.Place(fact.place.value),
        to_commune_code=fact.taker.commune_code,
        handed_over_at=fact.at,
    )


def _taken_over(fact: acts.QuarantineTakenOver) -> Payload:
    return moves.QuarantineTakenOver(
        **_of(fact),
        category=contract.Category(fact.category.value),
        place=contract.Place(fact.place.value),
        from_commune_code=fact.giver.commune_code,
        taken_over_at=fact.at,
    )


def _vacated(fact: acts.BedVacated) -> Payload:
    return moves.BedVacated(**_of(fact), facility_id=fact.facility_id, assignment_id=fact.assignment_id)


TO_EVENT: dict[type[Any], Callable[[Any], Payload]] = {
    acts.TestRecorded: _tested,
    acts.QuarantineReclassified: _reclassified,
    acts.QuarantineHandedOver: _handed_over,
    acts.QuarantineTakenOver: _taken_over,
    acts.BedVacated: _vacated,
}
