"""What those who look after patients did, as events of the contract."""

from collections.abc import Callable, Mapping
from typing import Any

from common.contracts.base import Payload
from common.contracts.f0_monitoring import RiskLevel, followup
from f0_monitoring.domain import acts, cover, equipment, facts


def _place(fact: Any) -> dict[str, Any]:
    return {"commune_code": fact.area.commune_code, "district_code": fact.area.district_code}


def _of(fact: acts.ActFact | facts.CarersChanged) -> dict[str, Any]:
    return {"person_id": fact.person_id, **_place(fact), "by": fact.by}


def _done(fact: Any) -> dict[str, Any]:
    words = {"words_id": fact.words_id or None} if hasattr(fact, "words_id") else {}
    return {**_of(fact), "at": fact.at, **words}


def _carers(fact: facts.CarersChanged) -> Payload:
    return followup.CarersChanged(
        **_of(fact), staff_id=fact.staff_id, role=fact.role.value, joined=fact.joined
    )


def _acknowledged(fact: acts.PatientAcknowledged) -> Payload:
    return followup.PatientAcknowledged(**_done(fact), is_taken=fact.is_taken)


def _snoozed(fact: acts.PatientSnoozed) -> Payload:
    return followup.PatientSnoozed(**_done(fact), until_at=fact.until, risk_level=RiskLevel(fact.level.value))


def _snooze_ended(fact: acts.SnoozeEnded) -> Payload:
    return followup.SnoozeEnded(**_done(fact), because=fact.because)


def _called(fact: acts.CallLogged) -> Payload:
    return followup.CallLogged(
        **_done(fact),
        result=followup.CallResult(fact.result.value),
        unanswered_in_a_row=fact.unanswered,
    )


def _medicine(fact: acts.MedicineGiven) -> Payload:
    bag = followup.MedicineBag(fact.bag.value) if fact.bag else None
    return followup.MedicineGiven(**_done(fact), bag=bag)


def _knock(fact: acts.KnockAsked) -> Payload:
    return followup.KnockAsked(**_done(fact), due_at=fact.due_at, risk_level=RiskLevel(fact.level.value))


def _knocked(fact: acts.KnockAnswered) -> Payload:
    result = followup.KnockResult(fact.result.value) if fact.result else None
    return followup.KnockAnswered(**_done(fact), result=result)


def _device(fact: equipment.EquipmentFact) -> dict[str, Any]:
    return {
        "equipment_id": fact.equipment_id,
        "kind": followup.EquipmentKind(fact.kind.value),
        "person_id": fact.person_id,
        **_place(fact),
        "by": fact.by,
        "at": fact.at,
    }


def _lent(fact: equipment.EquipmentLent) -> Payload:
    return followup.EquipmentLent(**_device(fact), due_back_at=fact.due_back_at)


def _returned(fact: equipment.EquipmentReturned) -> Payload:
    return followup.EquipmentReturned(**_device(fact), is_usable=fact.is_usable)


def _uncovered(fact: cover.CareUncovered) -> Payload:
    return followup.CareUncovered(
        **_place(fact),
        since_at=fact.since_at,
        patients=fact.patients,
        risk_level=RiskLevel(fact.level.value),
        reason=fact.reason,
    )


def _covered(fact: cover.CareCovered) -> Payload:
    return followup.CareCovered(**_place(fact), since_at=fact.since_at, covered_at=fact.covered_at)


TO_EVENT: Mapping[type[Any], Callable[[Any], Payload]] = {
    facts.CarersChanged: _carers,
    acts.PatientAcknowledged: _acknowledged,
    acts.PatientSnoozed: _snoozed,
    acts.SnoozeEnded: _snooze_ended,
    acts.CallLogged: _called,
    acts.MedicineGiven: _medicine,
    acts.KnockAsked: _knock,
    acts.KnockAnswered: _knocked,
    equipment.EquipmentLent: _lent,
    equipment.EquipmentReturned: _returned,
    cover.CareUncovered: _uncovered,
    cover.CareCovered: _covered,
}
