"""Transfers as they are read: names only for who looks after the patient or keeps a bed for them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.service import Runtime
from f0_monitoring.domain.access import is_staff_of
from f0_monitoring.domain.facility import Facility, FacilityKind
from f0_monitoring.domain.model import Patient
from f0_monitoring.domain.transfer import Journey, Transfer, TransferState
from f0_monitoring.ports import Patients
from f0_monitoring.ports.facilities import Facilities
from f0_monitoring.rulebook.facilities import FacilityRuleBook
from f0_monitoring.views.transfer_bodies import TransferStepView, TransferView

PURPOSE = "Chuyển tuyến"
T = TransferState
MAY: dict[TransferState, tuple[str, ...]] = {
    T.REQUESTED: ("acceptance", "refusal", "cancellation"),
    T.ACCEPTED: ("departure", "refusal", "cancellation"),
    T.UNDER_WAY: ("arrival", "cancellation"),
}
BY_RECEIVER = frozenset(("acceptance", "refusal"))


class TransferReader:
    """Opens transfers for those who have a part in them; the reading is noted first."""

    def __init__(
        self, runtime: Runtime, patients: Patients, facilities: Facilities, book: FacilityRuleBook
    ) -> None:
        self._runtime = runtime
        self._patients = patients
        self._facilities = facilities
        self._book = book

    async def views(self, found: Sequence[Journey], by: Actor, own: Sequence[Facility]) -> list[TransferView]:
        """Show *found* to *by*, whose facilities are *own*."""
        patients = await self._patients.many({one.person_id for one in found})
        named = [key for key, p in patients.items() if is_staff_of(by, p)]
        named += [one.person_id for one in found if is_ours(one, own) and one.person_id not in named]
        await self._runtime.access_log.note(by, named, PURPOSE)
        places = await self._facilities.many(_places(found))
        return [
            self._view(one, patients[one.person_id], by, own, places, is_named=one.person_id in named)
            for one in found
            if one.person_id in patients
        ]

    def _view(
        self,
        journey: Journey,
        patient: Patient,
        by: Actor,
        own: Sequence[Facility],
        places: dict[str, Facility],
        *,
        is_named: bool,
    ) -> TransferView:
        transfer = journey.transfer
        lies_in = places.get(journey.stay.facility_id) if journey.stay else None
        return TransferView(
            **self._person(patient, is_named=is_named),
            transfer_id=transfer.transfer_id,
            state=transfer.state,
            tier=transfer.tier,
            bed_kind=transfer.bed_kind,
            is_emergency=transfer.is_emergency,
            reason=transfer.reason,
            requested_at=transfer.requested_at,
            **_called(places.get(transfer.facility_id or "")),
            reserved_until=self._reserved_until(journey),
            late_since=_late_since(transfer),
            wished_facility_id=transfer.wished_facility_id,
            refused_by=list(transfer.refused_by),
            lies_in=lies_in.name if lies_in else "",
            history=_steps(transfer),
            may=_may(journey, patient, by, own),
        )

    def _person(self, patient: Patient, *, is_named: bool) -> dict[str, Any]:
        opened, units = self._runtime.vault.open, self._runtime.units
        person = opened(patient.sealed, person_id=patient.person_id) if is_named and patient.sealed else {}
        return {
            "person_id": patient.person_id,
            "full_name": person.get("full_name", ""),
            "phone": person.get("phone") or "",
            "age_years": patient.profile.age_years,
            "sex": patient.profile.sex,
            "risk_level": patient.risk.level,
            "care_state": patient.care,
            "commune_name": units.name_of(patient.area.commune_code),
            "district_name": units.name_of(patient.area.district_code),
        }

    def _reserved_until(self, journey: Journey) -> datetime | None:
        transfer = journey.transfer
        if transfer.state is not T.ACCEPTED:
            return None
        rules = self._book.transfers_on(local_day(self._runtime.clock.now()))
        return transfer.waiting_since + rules.kept_for(is_emergency=transfer.is_emergency)


def _called(place: Facility | None) -> dict[str, Any]:
    name, phone = (place.name, place.phone) if place else ("", "")
    facility_id = place.facility_id if place else None
    return {"facility_id": facility_id, "facility_name": name, "facility_phone": phone}


def _late_since(transfer: Transfer) -> datetime | None:
    return transfer.waiting_since if transfer.is_told and not transfer.is_over else None


def _steps(transfer: Transfer) -> list[TransferStepView]:
    return [
        TransferStepView(to_state=s.to_state, at=s.at, by=s.by, reason=s.reason) for s in transfer.history
    ]


def _places(found: Sequence[Journey]) -> set[str]:
    ids = {one.transfer.facility_id for one in found} | {one.stay.facility_id for one in found if one.stay}
    return {each for each in ids if each}


def takers(patient: Patient, own: Collection[Facility]) -> list[Facility]:
    """Return those of *own* that take patients from there."""
    codes = patient.area.codes()
    return [one for one in own if one.kind is FacilityKind.HOSPITAL and codes & set(one.serves)]


def is_ours(journey: Journey, own: Collection[Facility]) -> bool:
    """Tell whether one of *own* keeps a bed for the patient, or has them in one."""
    ids = {one.facility_id for one in own}
    return journey.transfer.facility_id in ids or (
        journey.stay is not None and journey.stay.facility_id in ids
    )


def _may(journey: Journey, patient: Patient, by: Actor, own: Collection[Facility]) -> list[str]:
    """Return the acts that *by* may do: receivers accept and refuse, both sides do the rest."""
    transfer = journey.transfer
    receives = transfer.facility_id in {one.facility_id for one in own}
    if transfer.state is T.REQUESTED:
        receives = bool(takers(patient, own))
    sends = is_staff_of(by, patient)
    return [
        act
        for act in MAY.get(transfer.state, ())
        if (receives if act in BY_RECEIVER else sends or (receives and transfer.state is not T.REQUESTED))
    ]
