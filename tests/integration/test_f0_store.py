"""F0 records, declarations and the roster on a real MongoDB: round trips, worklist order, due deadlines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from common.geo import data_folder
from common.kernel.areas import Actor, Area
from common.kernel.clock import VIETNAM
from common.work.engine import Work
from common.work.ledger import Ledger
from common.work.model import Cause, Heart
from common.work.timers import TimerLoop
from f0_monitoring.domain.commands import AssessReport, Candidate, DeclarePatient, FileReport, KeepDoctor
from f0_monitoring.domain.decide import decide
from f0_monitoring.domain.declare import file_report
from f0_monitoring.domain.model import DeclaredBy, Level, Origin, Profile, Vitals
from f0_monitoring.domain.roster import decide_doctor
from f0_monitoring.domain.watched import Watched
from f0_monitoring.ports import Search
from f0_monitoring.rulebook import load_risk_rules
from f0_monitoring.store.documents import heard_at
from f0_monitoring.store.mongo import MongoDoctors, MongoPatients, MongoReports
from f0_monitoring.translate import to_event

pytestmark = pytest.mark.mongo

OFFICER = Actor("officer-1", frozenset(("health_officer",)), frozenset(("19",)))
HERE, THERE = Area("05908", "173"), Area("05431", "164")
DOCTOR = Candidate("doctor-173", (), ("173",), capacity=50, load=0)
MORNING = datetime(2022, 2, 10, 7, 0, 0, 123456, tzinfo=VIETNAM).astimezone(UTC)


class StoppedClock:
    def __init__(self) -> None:
        self.at = MORNING

    def now(self) -> datetime:
        return self.at


def declaration(person_id: str, area: Area, **profile: Any) -> DeclarePatient:
    return DeclarePatient(
        person_id=person_id,
        area=area,
        profile=Profile(profile.pop("years", 30) * 12, vaccination_doses=2, **profile),
        origin=Origin.OFFICER,
        tested_on=MORNING.astimezone(VIETNAM).date(),
        onset_on=None,
        by=OFFICER,
        candidates=(DOCTOR,),
        guardian_ids=("p-mother",),
        sealed="s1.k.person.sealed",
        blind=("t1", f"t-{person_id}"),
    )


class House:
    def __init__(self, database: Any) -> None:
        self.clock, self.rules = StoppedClock(), load_risk_rules(data_folder() / "rules")
        self.reports = MongoReports(database)
        self.patients = MongoPatients(database, self.reports)
        self.doctors = MongoDoctors(database)
        self.work = Work(Heart("patient", decide, to_event, lambda: self.rules), self.patients, self.clock)
        self.roster = Work(Heart("doctor", decide_doctor, to_event, lambda: None), self.doctors, self.clock)
        heart = Heart("report", file_report, to_event, lambda: self.rules)
        self.ledger: Ledger[Any, Any] = Ledger(heart, self.reports, self.clock, self._records)
        self.count = 0

    async def _records(self, commands: list[FileReport]) -> dict[str, Any]:
        found = await self.patients.watched({c.person_id for c in commands})
        return {c.report_id: found[c.person_id] for c in commands if c.person_id in found}

    def cause(self) -> Cause:
        self.count += 1
        return Cause(f"cause-{self.count}")

    async def declare(self, person_id: str, area: Area = HERE, **profile: Any) -> None:
        await self.work.run(declaration(person_id, area, **profile), self.cause())

    async def report(self, person_id: str, *, is_judged: bool = True, **vitals: Any) -> None:
        cause = self.cause()
        by, vital = DeclaredBy.OFFICER, Vitals(**vitals)
        report_id = f"r-{cause.id}"
        await self.ledger.run(
            FileReport(report_id, person_id, self.clock.at, by, OFFICER, vital, ("cough",)), cause
        )
        if is_judged:
            [kept] = await self.reports.latest_of(person_id, limit=1)
            await self.work.run(AssessReport(kept), self.cause())

    async def types(self) -> list[str]:
        unsent = await self.patients.unsent(100)
        return [entry.type.split(".")[1] for one in unsent for entry in one.entries]


@pytest.fixture
async def house(database: Any) -> House:
    made = House(database)
    for store in (made.patients, made.reports, made.doctors):
        await store.ensure_indexes()
    return made


async def test_a_record_comes_back_as_it_was_kept(house: House) -> None:
    await house.declare("p-1", years=70, conditions=("hypertension",))
    house.clock.at += timedelta(hours=1)
    await house.report("p-1", spo2_percent=92, spo2_repeat_percent=95, temperature_celsius=38.25)
    house.clock.at += timedelta(minutes=1)
    await house.report("p-1", spo2_percent=91, pulse_per_minute=130)

    [kept] = (await house.patients.many(["p-1"])).values()
    assert await house.patients.watched(["p-1", "nobody"]) == {"p-1": Watched.of(kept)}

    [newest] = await house.reports.latest_of("p-1", limit=1)
    again = decide(kept, AssessReport(newest), house.rules, house.clock.at)
    assert (again.state, again.facts) == (kept, ()), "known already, also after a round trip"
    assert kept.risk.level is Level.VERY_HIGH
    assert kept.doubt is not None
    assert "spo2-under-94" in kept.doubt.codes
    assert [r.spo2_percent for r in kept.readings] == [95, 91]
    assert kept.area == HERE
    assert (await house.patients.looked_after_by("p-mother", limit=5))[0] == kept
    assert len(str((await house.patients.collection.find_one({"_id": "p-1"}))["state"])) < 5_000  # type: ignore[index]


async def test_the_worklist_is_by_risk_then_silence_within_the_areas(house: House) -> None:
    for number, years in enumerate((30, 72, 31, 60)):
        await house.declare(f"p-{number}", years=years)
        house.clock.at += timedelta(minutes=1)
    await house.declare("p-far", THERE, years=80)

    of_district = Search(area_codes={"173"})
    everybody = await house.patients.find(of_district, limit=10)
    assert [p.person_id for p in everybody] == ["p-1", "p-3", "p-0", "p-2"]
    last = everybody[1]
    after = (last.risk.level.rank, heard_at(last), last.person_id)
    assert await house.patients.find(of_district, limit=10, after=after) == everybody[2:]

    assert len(await house.patients.find(Search(area_codes={"19"}), limit=10)) == 5
    assert await house.patients.find(Search(area_codes=()), limit=10) == []
    assert await house.patients.find(Search(area_codes={"19"}, is_own_only=True), limit=10) == []
    own = Search(carer_id="doctor-173", is_own_only=True)
    assert len(await house.patients.find(own, limit=10)) == 5
    assert [p.person_id for p in await house.patients.find(Search({"173"}, tokens=("t-p-2",)), limit=10)] == [
        "p-2"
    ]
    assert [p.person_id for p in await house.patients.find(Search({"173"}, level=Level.HIGH), limit=9)] == [
        "p-1"
    ]
    assert await house.patients.loads() == {"doctor-173": 5}
    assert await house.patients.without_doctor(limit=5) == []


async def test_a_missed_declaration_is_told_once_even_after_a_restart(house: House) -> None:
    await house.declare("p-1")
    house.clock.at = datetime(2022, 2, 10, 21, 0, 30, tzinfo=VIETNAM).astimezone(UTC)

    await TimerLoop(house.work, house.patients, house.clock).fire_due()
    await TimerLoop(house.work, house.patients, house.clock).fire_due()

    assert (await house.types()).count("declaration-missed") == 1
    assert (await house.patients.many(["p-1"]))["p-1"].missed_in_a_row == 1


async def test_a_declaration_in_the_ledger_counts_before_anybody_judged_it(house: House) -> None:
    await house.declare("p-1")
    house.clock.at = datetime(2022, 2, 10, 20, 59, tzinfo=VIETNAM).astimezone(UTC)
    await house.report("p-1", is_judged=False, spo2_percent=98)
    house.clock.at += timedelta(minutes=2)

    await TimerLoop(house.work, house.patients, house.clock).fire_due()

    assert "declaration-missed" not in await house.types()


async def test_an_unanswered_second_measurement_rings(house: House) -> None:
    await house.declare("p-1")
    house.clock.at += timedelta(hours=2)
    await house.report("p-1", spo2_percent=88)
    house.clock.at += timedelta(minutes=6)

    await TimerLoop(house.work, house.patients, house.clock).fire_due()

    assert (await house.patients.many(["p-1"]))["p-1"].risk.level is Level.VERY_HIGH
    assert (await house.types()).count("risk-escalated") == 2


async def test_the_roster_is_kept(house: House) -> None:
    command = KeepDoctor("doctor-9", ("05908",), ("173",), 30, ("children",), True, OFFICER, "sealed")
    await house.roster.run(command, house.cause())

    [doctor] = await house.doctors.roster()

    assert (doctor.doctor_id, doctor.commune_codes, doctor.specialities) == (
        "doctor-9",
        ("05908",),
        ("children",),
    )


async def test_nobody_sees_patients_without_a_doctor_in_areas_that_are_not_theirs(house: House) -> None:
    await house.work.run(replace(declaration("p-1", THERE), candidates=()), house.cause())

    assert [p.person_id for p in await house.patients.without_doctor(limit=5)] == ["p-1"]
    assert await house.patients.find(Search(area_codes={"173"}), limit=10) == []
    assert await house.patients.find(Search(is_own_only=True), limit=10) == []
