"""Ai cần gọi trước: the rows of the worklist, light enough for ten thousand patients and a phone."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from common.http.pagination import PageQuery, write_cursor
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.retention import NAME_REMOVED
from common.service import Runtime
from f0_monitoring.domain.followup import is_quiet
from f0_monitoring.domain.model import Level, Patient, Reason
from f0_monitoring.ports import After, Patients, Search
from f0_monitoring.rulebook.bilingual import Wording
from f0_monitoring.views.staff import Staff

REASONS_SHOWN = 2


class Tab(StrEnum):
    """Cần gọi, im lặng, đã hoãn, nhờ gõ cửa, tất cả."""

    ACT = "act"
    QUIET = "quiet"
    ASIDE = "aside"
    KNOCK = "knock"
    ALL = "all"


class WhyView(BaseModel):
    """What fired, in the words of its rule file."""

    criterion: str
    label: str
    label_en: str
    value: int | float | str
    is_measured: bool

    @classmethod
    def of(cls, reason: Reason, wording: Wording | None) -> "WhyView":
        """Build from the kept reason and the words of its rule file."""
        return cls(
            criterion=reason.criterion,
            label=wording.label if wording else reason.criterion,
            label_en=wording.label_en if wording else reason.criterion,
            value=reason.value,
            is_measured=reason.at is not None,
        )


class HolderView(BaseModel):
    """Who is at it."""

    by: str
    name: str
    at: datetime
    is_me: bool


class RowView(BaseModel):
    """One patient of the worklist."""

    person_id: str
    full_name: str
    sex: str
    age_years: int
    illness_day: int
    commune_code: str
    commune_name: str
    care_state: str
    risk_level: Level
    risk_since: datetime
    why: list[WhyView]
    declared_at: datetime
    last_report_at: datetime | None
    missed_in_a_row: int
    is_silent: bool
    awaits_remeasure: bool
    carer_id: str | None
    carer_name: str
    taken: HolderView | None
    snoozed_until: datetime | None
    knock_due_at: datetime | None
    unanswered_calls: int


class CountsView(BaseModel):
    """How many are behind each tab; *mine* and *capacity* say how much a doctor has."""

    act: int
    quiet: int
    aside: int
    knock: int
    all: int
    mine: int | None
    capacity: int | None


class WorklistView(BaseModel):
    """One page of the worklist."""

    items: list[RowView]
    next: str | None
    counts: CountsView | None
    as_of: datetime


class Worklist:
    """Opens the worklist of whoever asks; every name that is opened is noted."""

    def __init__(
        self, runtime: Runtime, patients: Patients, staff: Staff, wording: Mapping[str, Wording]
    ) -> None:
        self._runtime = runtime
        self._patients = patients
        self._staff = staff
        self._wording = wording

    async def page(self, search: Search, tab: Tab, query: PageQuery, by: Actor) -> WorklistView:
        """Return a page behind *tab*; the first one with the counts of all tabs."""
        now = self._runtime.clock.now()
        after = query.after(int, datetime, str)
        key: After | None = (int(str(after[0])), after[1], str(after[2])) if after else None  # type: ignore[assignment]
        wanted = replace(search, tab=tab.value, now=now)
        found = await self._patients.rows(wanted, limit=query.limit + 1, after=key)
        shown = found[: query.limit]
        await self._runtime.access_log.note(by, [p.person_id for p in shown], "Danh sách người bệnh")
        last = shown[-1] if len(found) > query.limit else None
        return WorklistView(
            items=self._rows(shown, await self._staff.names(), by, now),
            next=_cursor(last) if last else None,
            counts=None if key else await self._counts(wanted, by),
            as_of=now,
        )

    async def _counts(self, search: Search, by: Actor) -> CountsView:
        counts = await self._patients.counts(search)
        capacity = await self._staff.capacity_of(by.subject) if "doctor" in by.roles else None
        mine = None if capacity is None else counts.mine
        return CountsView(
            act=counts.act,
            quiet=counts.quiet,
            aside=counts.aside,
            knock=counts.knock,
            all=counts.all,
            mine=mine,
            capacity=capacity,
        )

    def _rows(
        self, patients: Collection[Patient], names: dict[str, str], by: Actor, now: datetime
    ) -> list[RowView]:
        return [self._row(patient, names, by, now) for patient in patients]

    def _row(self, patient: Patient, names: dict[str, str], by: Actor, now: datetime) -> RowView:
        sealed, units = patient.sealed, self._runtime.units
        who = self._runtime.vault.open(sealed, person_id=patient.person_id) if sealed else {}
        risk = patient.risk
        first_day = min(patient.tested_on, patient.onset_on or patient.tested_on)
        return RowView(
            person_id=patient.person_id,
            full_name=who.get("full_name") or (NAME_REMOVED if patient.forgotten_on else ""),
            sex=who.get("sex", "unknown"),
            age_years=patient.profile.age_years,
            illness_day=(local_day(now) - first_day).days + 1,
            commune_code=patient.area.commune_code,
            commune_name=units.name_of(patient.area.commune_code),
            care_state=patient.care.value,
            risk_level=risk.level,
            risk_since=risk.since,
            why=self._why(patient),
            declared_at=patient.declared_at,
            last_report_at=patient.last_report_at,
            missed_in_a_row=patient.missed_in_a_row,
            is_silent=patient.missed_in_a_row > 0,
            awaits_remeasure=patient.doubt is not None and patient.doubt.unanswered_at is not None,
            carer_id=patient.carer_id,
            carer_name=names.get(patient.carer_id or "", ""),
            taken=holder_view(patient, names, by),
            **_waits(patient, now),
        )

    def _why(self, patient: Patient) -> list[WhyView]:
        shown = patient.risk.reasons[:REASONS_SHOWN]
        return [WhyView.of(reason, self._wording.get(reason.criterion)) for reason in shown]


def _waits(patient: Patient, now: datetime) -> dict[str, Any]:
    """Return what the patient waits for: the end of a snooze, a knock, an answer on the phone."""
    attention = patient.attention
    return {
        "snoozed_until": attention.snooze.until if attention.snooze and is_quiet(attention, now) else None,
        "knock_due_at": attention.knock.due_at if attention.knock else None,
        "unanswered_calls": attention.unanswered,
    }


def holder_view(patient: Patient, names: dict[str, str], by: Actor) -> HolderView | None:
    """Return who is at it, by name where the roster knows it."""
    taken = patient.attention.taken
    if taken is None:
        return None
    return HolderView(
        by=taken.by, name=names.get(taken.by, taken.by), at=taken.at, is_me=taken.by == by.subject
    )


def _cursor(patient: Patient) -> str:
    at = patient.last_report_at or patient.declared_at
    kept = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return write_cursor(patient.risk.level.rank, kept, patient.person_id)
