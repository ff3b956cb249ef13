"""The roster of doctors (lịch trực): who is there, for which area, for how many patients."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from common.kernel.decision import Decision
from common.kernel.errors import Invalid
from f0_monitoring.domain.commands import KeepDoctor

LARGEST_CAPACITY = 1000
SPECIALITIES = frozenset(("children", "pregnancy"))


@dataclass(frozen=True, slots=True)
class Doctor:
    """A doctor on the roster. Name and phone are sealed."""

    doctor_id: str
    commune_codes: tuple[str, ...] = ()
    district_codes: tuple[str, ...] = ()
    capacity: int = 50
    specialities: tuple[str, ...] = ()
    on_duty: bool = True
    sealed: str = field(default="", repr=False)


def decide_doctor(state: Doctor | None, command: Any, rules: None, now: datetime) -> Decision[Doctor]:  # noqa: ARG001
    """Keep the roster: the last word on a doctor counts."""
    match command:
        case KeepDoctor():
            return _kept(state, command)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def _kept(state: Doctor | None, command: KeepDoctor) -> Decision[Doctor]:
    if not command.commune_codes and not command.district_codes:
        raise Invalid("Hãy chọn ít nhất một xã hoặc huyện mà bác sĩ phụ trách.", field="commune_codes")
    if not 1 <= command.capacity <= LARGEST_CAPACITY:
        raise Invalid("Số người bệnh tối đa phải từ 1 đến 1000.", field="capacity")
    if unknown := set(command.specialities) - SPECIALITIES:
        known = ", ".join(sorted(SPECIALITIES))
        raise Invalid(
            f"Không có chuyên khoa {', '.join(sorted(unknown))}. Hãy chọn: {known}.", field="specialities"
        )
    doctor = Doctor(
        doctor_id=command.doctor_id,
        commune_codes=command.commune_codes,
        district_codes=command.district_codes,
        capacity=command.capacity,
        specialities=command.specialities,
        on_duty=command.on_duty,
        sealed=command.sealed,
    )
    answer = {"doctor_id": doctor.doctor_id}
    return Decision(state=state if state == doctor else doctor, answer=answer)
