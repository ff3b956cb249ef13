"""Who looks after whom on a real MongoDB: round trips, placement, the worklist in its order, devices, timelines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from common.kernel.areas import Area
from common.kernel.clock import VIETNAM
from common.work.model import Change, NewRecord, Stored
from f0_monitoring.domain.attention import Attention, Helper, Knock, Role, Snooze, Taken
from f0_monitoring.domain.cover import Cover
from f0_monitoring.domain.equipment import Device, EquipmentKind
from f0_monitoring.domain.model import CareState, Level, Origin, Patient, Profile, Risk
from f0_monitoring.domain.roster import Doctor
from f0_monitoring.domain.shifts import Shift, ShiftKind
from f0_monitoring.domain.timeline import Entry, Words
from f0_monitoring.ports import Search
from f0_monitoring.store.cover import MongoCovers, MongoDevices
from f0_monitoring.store.mongo import MongoDoctors, MongoPatients, MongoReports
from f0_monitoring.store.timeline import MongoTimeline, MongoWords

pytestmark = pytest.mark.mongo

HERE, THERE = Area("05908", "173"), Area("05431", "164")
NOON = datetime(2022, 2, 10, 12, tzinfo=VIETNAM).astimezone(UTC)
LEVELS = (Level.LOW, Level.MEDIUM, Level.HIGH, Level.VERY_HIGH)


def patient(number: int, **changes: Any) -> Patient:
    """One of many: level, silence, area and doctor follow from the number."""
    level = LEVELS[number % 4]
    made = Patient(
        person_id=f"p-{number:03}",
        area=(HERE, THERE)[number % 2],
        profile=Profile(30 * 12),
        origin=Origin.OFFICER,
        declared_at=NOON - timedelta(days=1),
        tested_on=NOON.date(),
        care=CareState.AT_HOME,
        risk=Risk(level, NOON, "r-1", level),
        carer_id=f"d-{number % 3}",
        lead_id=f"d-{number % 3}",
        last_report_at=NOON - timedelta(minutes=(number * 37) % 300),
        missed_in_a_row=int(number % 5 == 0),
    )
    return replace(made, **changes)


async def keep(store: Any, states: dict[str, Any]) -> None:
    changes = [Change(key, Stored(state, 1), 0) for key, state in states.items()]
    assert await store.save(changes) == set()


@pytest.fixture
async def patients(database: Any) -> MongoPatients:
    store = MongoPatients(database, MongoReports(database))
    await store.ensure_indexes()
    return store


async def test_who_looks_after_a_patient_comes_back_as_it_was_kept(patients: MongoPatients) -> None:
    attention = Attention(
        taken=Taken("d-1", NOON),
        snooze=Snooze("d-1", NOON, NOON + timedelta(hours=1), "w-1"),
        knock=Knock("d-1", NOON, NOON + timedelta(hours=2)),
        unanswered=2,
        reached_at=NOON,
    )
    team = (Helper("nurse-1", Role.NURSE), Helper("station", Role.HEALTH_OFFICER))
    full = patient(1, attention=attention, team=team, is_pinned=True, lead_id="d-9")
    await keep(patients, {"p-001": full, "p-002": patient(2, carer_id=None, lead_id=None)})

    kept = await patients.many(["p-001", "p-002"])

    assert kept["p-001"] == full
    assert kept["p-002"] == patient(2, carer_id=None, lead_id=None)
    seen = await patients.find(Search(carer_id="nurse-1", is_own_only=True), limit=5)
    assert [each.person_id for each in seen] == ["p-001"]


async def test_placement_finds_who_should_be_with_somebody_else(patients: MongoPatients) -> None:
    made = {f"p-{n:03}": patient(n) for n in range(12)}
    made["p-001"] = replace(made["p-001"], is_pinned=True)
    made["p-004"] = replace(made["p-004"], lead_id="d-0")
    made["p-007"] = replace(made["p-007"], care=CareState.RECOVERED)
    made["p-010"] = replace(made["p-010"], carer_id=None, lead_id=None)
    await keep(patients, made)

    misplaced = await patients.misplaced(["d-0", "d-2"], limit=9)
    away = await patients.away(["d-0"], limit=9)
    calmest = await patients.calmest_of("d-0", limit=2)
    uncovered = {each.area: each for each in await patients.uncovered(["d-0", "d-2"])}

    assert sorted(each.person_id for each in misplaced) == ["p-004", "p-010"]
    assert [each.person_id for each in away] == ["p-004"]
    assert [each.risk.level for each in calmest] == [Level.LOW, Level.MEDIUM]
    assert (uncovered[THERE].patients, uncovered[THERE].pinned) == (1, 1)
    assert (uncovered[HERE].patients, uncovered[HERE].level) == (2, Level.HIGH)
    nobody = await patients.uncovered([])
    assert sum(each.patients for each in nobody) == 11


async def test_the_worklist_is_the_whole_sort_page_by_page(patients: MongoPatients) -> None:
    made = {f"p-{n:03}": patient(n) for n in range(40)}
    aside = Attention(snooze=Snooze("d-1", NOON, NOON + timedelta(minutes=5), "w"))
    over = Attention(snooze=Snooze("d-1", NOON, NOON - timedelta(minutes=5), "w"))
    made["p-003"] = replace(made["p-003"], attention=aside)
    made["p-007"] = replace(made["p-007"], attention=over)
    made["p-011"] = replace(made["p-011"], attention=Attention(knock=Knock("d-1", NOON, NOON)))
    await keep(patients, made)
    search = Search(area_codes={"19"}, now=NOON, tab="all")

    def silent(p: Patient) -> tuple[int, datetime, str]:
        return -p.risk.level.rank, p.last_report_at or p.declared_at, p.person_id

    ordered = sorted(made.values(), key=silent)
    pages, after = [], None
    while page := await patients.rows(search, limit=7, after=after):
        pages += page
        last = page[-1]
        after = (last.risk.level.rank, last.last_report_at or last.declared_at, last.person_id)
    assert [p.person_id for p in pages] == [p.person_id for p in ordered]

    by_tab = {
        tab: {p.person_id for p in await patients.rows(replace(search, tab=tab), limit=99)}
        for tab in ("act", "quiet", "aside", "knock", "all")
    }
    counts = await patients.counts(search)
    assert by_tab["aside"] == {"p-003"}
    assert by_tab["knock"] == {"p-011"}
    assert "p-007" in by_tab["act"]
    assert "p-003" not in by_tab["act"]
    assert {tab: len(found) for tab, found in by_tab.items()} == {tab: getattr(counts, tab) for tab in by_tab}
    mine = replace(search, area_codes=(), carer_id="d-1")
    assert {p.carer_id for p in await patients.rows(mine, limit=99)} == {"d-1"}


async def test_roster_cover_devices_timeline_and_words_come_back(database: Any) -> None:
    doctors, covers = MongoDoctors(database), MongoCovers(database)
    devices, timeline, words = MongoDevices(database), MongoTimeline(database), MongoWords(database)
    for store in (doctors, covers, devices, timeline, words):
        await store.ensure_indexes()
    shift = Shift("n", NOON, NOON + timedelta(hours=12), ShiftKind.NIGHT, (), ("173",), ("children",), 200)
    doctor = Doctor("d-1", ("05908",), shifts=(shift,), shift_id="n", duty_at=NOON, duty_by="timer")
    device = Device("oximeter.A1", EquipmentKind.OXIMETER, "A1", HERE, "p-1", NOON, "d-1", NOON)
    entry = Entry("e-1", "p-1", HERE, NOON, "call-logged", "d-1", {"result": "reached"}, "w-1")
    said = Words("w-1", "p-1", NOON, "d-1", "sealed")
    broken = Cover(HERE, NOON, 3, Level.HIGH, "nobody-on-duty")
    await keep(doctors, {"d-1": doctor})
    await keep(covers, {"05908": broken, "05431": Cover(THERE)})
    await keep(devices, {"oximeter.A1": device})
    for _ in range(2):
        await timeline.append([NewRecord("e-1", entry, {})])
        await words.append([NewRecord("w-1", said, {})])

    assert await doctors.roster() == [doctor]
    assert await covers.broken() == [broken]
    assert await devices.lent_to(["p-1", "p-2"]) == [device]
    assert await timeline.of("p-1", limit=5) == [entry]
    assert await words.many(["w-1", "w-2"]) == {"w-1": said}
