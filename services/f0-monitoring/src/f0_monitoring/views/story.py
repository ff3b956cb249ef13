"""What was done for a patient: who has it, the team, devices, and the timeline with the words opened."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel

from common.kernel.areas import Actor
from common.service import Runtime
from f0_monitoring.domain.access import is_staff_of
from f0_monitoring.domain.equipment import Device
from f0_monitoring.domain.errors import NoSuchPatient
from f0_monitoring.domain.followup import SNOOZE_MAX, is_quiet
from f0_monitoring.domain.model import Patient
from f0_monitoring.domain.timeline import Entry, Words
from f0_monitoring.ports import Devices, Patients, Timeline, WordsKept
from f0_monitoring.views.staff import Staff
from f0_monitoring.views.worklist import HolderView, holder_view

ENTRIES_SHOWN = 120


class SnoozeView(BaseModel):
    """Put aside until when, by whom, why."""

    by_name: str
    at: datetime
    until: datetime
    note: str


class KnockView(BaseModel):
    """The commune is asked to be there by *due_at*."""

    by_name: str
    at: datetime
    due_at: datetime
    is_late: bool
    note: str


class HelperView(BaseModel):
    """Somebody of the team."""

    staff_id: str
    name: str
    phone: str
    role: str


class DeviceView(BaseModel):
    """A device in the patient's home."""

    kind: str
    serial: str
    lent_at: datetime | None
    due_back_at: datetime | None
    is_overdue: bool


class EntryView(BaseModel):
    """One row of the timeline; the page has the words for *what*."""

    entry_id: str
    at: datetime
    what: str
    by: str
    by_name: str
    details: dict[str, str]
    note: str


class CareView(BaseModel):
    """Việc đã làm cho người bệnh."""

    person_id: str
    carer_id: str | None
    lead_id: str | None
    lead_name: str
    is_pinned: bool
    team: list[HelperView]
    taken: HolderView | None
    snooze: SnoozeView | None
    snooze_max_minutes: int
    knock: KnockView | None
    unanswered_calls: int
    reached_at: datetime | None
    devices: list[DeviceView]
    timeline: list[EntryView]
    as_of: datetime


class Story:
    """Opens what was done for those who look after the patient; the patient's own page shows other things."""

    def __init__(
        self,
        runtime: Runtime,
        patients: Patients,
        kept: tuple[Timeline, WordsKept, Devices],
        staff: Staff,
    ) -> None:
        self._runtime = runtime
        self._patients = patients
        self._timeline, self._words, self._devices = kept
        self._staff = staff

    async def of(self, person_id: str, by: Actor, purpose: str) -> CareView:
        """Return everything about one patient; `NoSuchPatient` for whoever is not staff of the patient."""
        patient = (await self._patients.many([person_id])).get(person_id)
        if patient is None or not is_staff_of(by, patient):
            raise NoSuchPatient("Không có hồ sơ F0 này trong phạm vi của bạn.")
        await self._runtime.access_log.note(by, [person_id], purpose)
        entries = await self._timeline.of(person_id, limit=ENTRIES_SHOWN)
        words = await self._words.many(_words_of(patient, entries))
        devices = await self._devices.lent_to([person_id])
        return await self._view(patient, by, entries, self._opened(words.values()), devices)

    async def _view(
        self,
        patient: Patient,
        by: Actor,
        entries: list[Entry],
        notes: dict[str, str],
        devices: list[Device],
    ) -> CareView:
        people, now = await self._staff.people(), self._runtime.clock.now()
        names = {staff_id: name for staff_id, (name, _) in people.items()}
        return CareView(
            person_id=patient.person_id,
            carer_id=patient.carer_id,
            lead_id=patient.lead_id,
            lead_name=names.get(patient.lead_id or "", ""),
            is_pinned=patient.is_pinned,
            team=_team(patient, people),
            taken=holder_view(patient, names, by),
            snooze=_snooze(patient, names, notes, now),
            snooze_max_minutes=SNOOZE_MAX[patient.risk.level],
            knock=_knock(patient, names, notes, now),
            unanswered_calls=patient.attention.unanswered,
            reached_at=patient.attention.reached_at,
            devices=[_device(device, now) for device in devices],
            timeline=[_entry(entry, names, notes) for entry in entries],
            as_of=now,
        )

    def _opened(self, words: Iterable[Words]) -> dict[str, str]:
        vault = self._runtime.vault
        return {
            each.words_id: str(vault.open(each.sealed, person_id=each.person_id).get("note", ""))
            for each in words
        }


def _words_of(patient: Patient, entries: list[Entry]) -> set[str]:
    parts = (patient.attention.snooze, patient.attention.knock)
    mentioned = {part.words_id for part in parts if part} | {entry.words_id for entry in entries}
    return mentioned - {""}


def _team(patient: Patient, people: dict[str, tuple[str, str]]) -> list[HelperView]:
    views = []
    for helper in patient.team:
        name, phone = people.get(helper.staff_id, (helper.staff_id, ""))
        views.append(HelperView(staff_id=helper.staff_id, name=name, phone=phone, role=helper.role.value))
    return views


def _snooze(
    patient: Patient, names: dict[str, str], notes: dict[str, str], now: datetime
) -> SnoozeView | None:
    snooze = patient.attention.snooze
    if snooze is None or not is_quiet(patient.attention, now):
        return None
    return SnoozeView(
        by_name=names.get(snooze.by, snooze.by),
        at=snooze.at,
        until=snooze.until,
        note=notes.get(snooze.words_id, ""),
    )


def _knock(patient: Patient, names: dict[str, str], notes: dict[str, str], now: datetime) -> KnockView | None:
    knock = patient.attention.knock
    if knock is None:
        return None
    return KnockView(
        by_name=names.get(knock.by, knock.by),
        at=knock.at,
        due_at=knock.due_at,
        is_late=knock.due_at < now,
        note=notes.get(knock.words_id, ""),
    )


def _device(device: Device, now: datetime) -> DeviceView:
    return DeviceView(
        kind=device.kind.value,
        serial=device.serial,
        lent_at=device.lent_at,
        due_back_at=device.due_back_at,
        is_overdue=device.due_back_at is not None and device.due_back_at < now,
    )


def _entry(entry: Entry, names: dict[str, str], notes: dict[str, str]) -> EntryView:
    return EntryView(
        entry_id=entry.entry_id,
        at=entry.at,
        what=entry.what,
        by=entry.by,
        by_name=names.get(entry.by, entry.by),
        details={**entry.details, **_named(entry, names)},
        note=notes.get(entry.words_id, ""),
    )


def _named(entry: Entry, names: dict[str, str]) -> dict[str, str]:
    """Put the names of staff beside their ids."""
    ids = ("doctor_id", "from_doctor_id", "lead_id", "staff_id")
    found = ((name, entry.details.get(name, "")) for name in ids)
    return {f"{name[:-3]}_name": names.get(value, value) for name, value in found if value}
