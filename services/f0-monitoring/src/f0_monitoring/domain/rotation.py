"""
Which patients change their doctor now, and to whom: the plan of one slice.

A doctor who goes off duty leaves everybody to whoever is on duty; one who has more than fits leaves the
calmest; a patient whose own doctor is back goes back. Each move counts at once against the capacity of
the next, and nobody is relieved at the cost of somebody who would be full by it: slices end.
"""

from collections.abc import Iterable
from dataclasses import replace

from f0_monitoring.domain import assign, carers
from f0_monitoring.domain.carers import MoveToDoctor
from f0_monitoring.domain.commands import Candidate
from f0_monitoring.domain.model import Patient


class Roster:
    """The candidates of one slice, with the loads as they will be after each move."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._by_id = {candidate.doctor_id: candidate for candidate in candidates}

    def is_on_duty(self, doctor_id: str | None) -> bool:
        """Tell whether somebody answers under this id."""
        found = self._by_id.get(doctor_id or "")
        return found is not None and found.on_duty

    def has_room(self, doctor_id: str | None) -> bool:
        """Tell whether the doctor is on duty and not full."""
        found = self._by_id.get(doctor_id or "")
        return found is not None and found.on_duty and found.load < found.capacity

    def is_night(self, doctor_id: str) -> bool:
        """Tell whether the doctor only covers the night."""
        return self._by_id[doctor_id].is_night

    def overfull(self) -> dict[str, int]:
        """Return by how many patients each doctor on duty has too many."""
        return {
            c.doctor_id: c.load - c.capacity
            for c in self._by_id.values()
            if c.on_duty and c.load > c.capacity
        }

    def on_duty(self) -> tuple[Candidate, ...]:
        """Return whoever could take somebody now."""
        return tuple(c for c in self._by_id.values() if c.on_duty)

    def with_room(self) -> tuple[Candidate, ...]:
        """Return whoever could take somebody without having too many."""
        return tuple(c for c in self._by_id.values() if c.on_duty and c.load < c.capacity)

    def take(self, move: MoveToDoctor) -> None:
        """Count a move."""
        for doctor_id, by in ((move.from_doctor_id, -1), (move.doctor_id, 1)):
            if found := self._by_id.get(doctor_id or ""):
                self._by_id[found.doctor_id] = replace(found, load=max(0, found.load + by))


def plan(patients: Iterable[Patient], candidates: Iterable[Candidate]) -> list[MoveToDoctor]:
    """Return the moves that *patients* need; nobody is moved who is pinned or well placed."""
    roster = Roster(candidates)
    moves = []
    for patient in patients:
        move = None if patient.is_pinned or patient.is_closed else _move_of(patient, roster)
        if move is not None:
            roster.take(move)
            moves.append(move)
    return moves


def _move_of(patient: Patient, roster: Roster) -> MoveToDoctor | None:
    present = patient.carer_id
    if patient.lead_id != present and roster.has_room(patient.lead_id) and patient.lead_id:
        return MoveToDoctor(patient.person_id, present, patient.lead_id, "lead", carers.BACK, True)
    if not roster.is_on_duty(present):
        because = carers.OFF_DUTY if present else carers.NOBODY
        return _to_best(patient, roster, roster.on_duty(), because, keeps_lead=True)
    if present in roster.overfull():
        return _to_best(patient, roster, roster.with_room(), carers.FULL, keeps_lead=False)
    return None


def _to_best(
    patient: Patient, roster: Roster, free: tuple[Candidate, ...], because: str, *, keeps_lead: bool
) -> MoveToDoctor | None:
    choice = assign.choose(patient.person_id, patient.area, patient.profile, free)
    if choice is None or choice.doctor_id == patient.carer_id:
        return None
    may_lead = not roster.is_night(choice.doctor_id)
    is_lead = may_lead and (patient.lead_id is None or not keeps_lead)
    return MoveToDoctor(
        patient.person_id, patient.carer_id, choice.doctor_id, choice.reason, because, is_lead
    )
