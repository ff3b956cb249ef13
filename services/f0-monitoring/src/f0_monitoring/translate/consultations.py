"""Our facts about consultations become events of the contract."""

from collections.abc import Callable
from typing import Any

from common.contracts.base import Payload
from common.contracts.f0_monitoring import consultations as contract
from common.kernel.decision import Fact
from f0_monitoring.domain import consultation_facts as facts


def to_event(fact: Fact) -> Payload:
    """Return the contract event of one of our facts."""
    return _TO_EVENT[type(fact)](fact)


def _of(fact: Any) -> dict[str, Any]:
    return {
        "consultation_id": fact.consultation_id,
        "person_id": fact.person_id,
        "commune_code": fact.area.commune_code,
        "district_code": fact.area.district_code,
        "doctor_id": fact.doctor_id,
    }


def _requested(fact: facts.ConsultationRequested) -> Payload:
    return contract.ConsultationRequested(
        **_of(fact),
        by=contract.Party(fact.by.value),
        requested_at=fact.requested_at,
        way=contract.Way(fact.way.value),
    )


def _scheduled(fact: facts.ConsultationScheduled) -> Payload:
    return contract.ConsultationScheduled(
        **_of(fact),
        starts_at=fact.starts_at,
        minutes=fact.minutes,
        way=contract.Way(fact.way.value),
        from_starts_at=fact.from_starts_at,
    )


def _reminded(fact: facts.ConsultationReminded) -> Payload:
    return contract.ConsultationReminded(**_of(fact), starts_at=fact.starts_at)


def _held(fact: facts.ConsultationHeld) -> Payload:
    return contract.ConsultationHeld(
        **_of(fact),
        held_at=fact.held_at,
        duration_seconds=fact.duration_seconds,
        way=contract.Way(fact.way.value),
        quality=contract.LineQuality(fact.quality.grade.value),
        loss_percent=fact.quality.loss_percent,
        round_trip_ms=fact.quality.round_trip_ms,
        was_relayed=fact.quality.is_relayed,
        reconnections=fact.reconnections,
    )


def _missed(fact: facts.ConsultationMissed) -> Payload:
    return contract.ConsultationMissed(**_of(fact), starts_at=fact.starts_at, reason=fact.reason)


def _cancelled(fact: facts.ConsultationCancelled) -> Payload:
    return contract.ConsultationCancelled(**_of(fact), by=contract.Party(fact.by.value), reason=fact.reason)


_TO_EVENT: dict[type[Any], Callable[[Any], Payload]] = {
    facts.ConsultationRequested: _requested,
    facts.ConsultationScheduled: _scheduled,
    facts.ConsultationReminded: _reminded,
    facts.ConsultationHeld: _held,
    facts.ConsultationMissed: _missed,
    facts.ConsultationCancelled: _cancelled,
}
