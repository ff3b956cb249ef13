"""Lent equipment (thiết bị cho mượn): one device is in one house at a time, until it comes back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from common.kernel.areas import Actor, Area
from common.kernel.decision import Decision
from common.kernel.errors import Invalid
from f0_monitoring.domain.errors import LentAlready, NotLent


class EquipmentKind(StrEnum):
    """What is lent."""

    OXIMETER = "oximeter"
    OXYGEN_CONCENTRATOR = "oxygen_concentrator"
    OXYGEN_CYLINDER = "oxygen_cylinder"
    THERMOMETER = "thermometer"


@dataclass(frozen=True, slots=True)
class Device:
    """A device by its kind and serial number; *person_id* is with whom it is, None in the station."""

    equipment_id: str
    kind: EquipmentKind
    serial: str
    area: Area
    person_id: str | None = None
    lent_at: datetime | None = None
    lent_by: str = ""
    due_back_at: datetime | None = None
    is_usable: bool = True


@dataclass(frozen=True, slots=True)
class EquipmentCommand:
    """A wish about one device; whether *by* may act for the patient was decided at the record."""

    kind: EquipmentKind
    serial: str
    person_id: str
    area: Area
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """Kind and serial number: the same device whoever types it."""
        return equipment_id(self.kind, self.serial)


@dataclass(frozen=True, slots=True)
class Lend(EquipmentCommand):
    """The device goes to the patient's home until *due_back_at*."""

    due_back_at: datetime


@dataclass(frozen=True, slots=True)
class TakeBack(EquipmentCommand):
    """The device came back; *is_usable* false: to be repaired or written off."""

    is_usable: bool = True


@dataclass(frozen=True, slots=True)
class EquipmentFact:
    """Something happened to a device in the hands of a patient."""

    equipment_id: str
    kind: EquipmentKind
    person_id: str
    area: Area
    by: str
    at: datetime

    @property
    def subject(self) -> str:
        """Facts about one device stay in order."""
        return self.equipment_id


@dataclass(frozen=True, slots=True)
class EquipmentLent(EquipmentFact):
    """The device is in the patient's home."""

    due_back_at: datetime


@dataclass(frozen=True, slots=True)
class EquipmentReturned(EquipmentFact):
    """The device is back."""

    is_usable: bool


def equipment_id(kind: EquipmentKind, serial: str) -> str:
    """Return the id of a device: what is printed on it, without the spaces and cases of who types it."""
    return f"{kind.value}.{''.join(serial.split()).upper()}"


def decide_device(state: Device | None, command: Any, rules: None, now: datetime) -> Decision[Device]:  # noqa: ARG001
    """Decide where a device is; a repeated wish changes nothing."""
    match command:
        case Lend():
            return _lent(state, command, now)
        case TakeBack():
            return _back(state, command, now)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def _lent(state: Device | None, command: Lend, now: datetime) -> Decision[Device]:
    if command.due_back_at <= now:
        raise Invalid("Ngày hẹn trả phải sau hôm nay.", field="due_back_on")
    if state is not None and state.person_id == command.person_id:
        return Decision(state=state)
    if state is not None and state.person_id is not None:
        raise LentAlready("Máy mang số này đang ở hộ khác. Hãy xem lại số máy, hoặc ghi trả trước.")
    device = Device(
        equipment_id=command.aggregate_id,
        kind=command.kind,
        serial="".join(command.serial.split()).upper(),
        area=command.area,
        person_id=command.person_id,
        lent_at=now,
        lent_by=command.by.subject,
        due_back_at=command.due_back_at,
    )
    fact = EquipmentLent(**_about(command, now), due_back_at=command.due_back_at)
    return Decision(state=device, facts=(fact,))


def _back(state: Device | None, command: TakeBack, now: datetime) -> Decision[Device]:
    if state is None or state.person_id != command.person_id:
        raise NotLent("Máy này không ở nhà người bệnh này. Hãy tải lại hồ sơ.")
    device = Device(state.equipment_id, state.kind, state.serial, state.area, is_usable=command.is_usable)
    fact = EquipmentReturned(**_about(command, now), is_usable=command.is_usable)
    return Decision(state=device, facts=(fact,))


def _about(command: EquipmentCommand, now: datetime) -> dict[str, Any]:
    return {
        "equipment_id": command.aggregate_id,
        "kind": command.kind,
        "person_id": command.person_id,
        "area": command.area,
        "by": command.by.subject,
        "at": now,
    }
