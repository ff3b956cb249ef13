"""
A burst: many people declared F0 and declaring at once, some of them turning red, while things die.

Everybody insists as a phone does. What the services said yes to is kept; afterwards it must be in the log
and in every service's figures, no less and no more.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from common.contracts import alerting, permit
from common.contracts import f0_monitoring as f0
from common.contracts.event import Event
from common.kernel.areas import Area
from common.messaging.dead_letters import notes
from tests.integration.drivers import Permit, Town
from tests.integration.facts import QUEUES, FactLog
from tests.integration.people import Person
from tests.integration.services import Services, eventually
from tests.integration.settled import all_quiet, settled

AT_ONCE = 24
ONE_IN_RED = 4
"""One of so many people turns red with the last declaration."""
SETTLE_SECONDS = 150.0


@dataclass
class Patient:
    """Somebody in the burst and what was accepted of them."""

    town: Town
    person: Person
    is_red: bool
    paper: Permit | None = None
    report_ids: list[str] = field(default_factory=list)


class Burst:
    """Plays a burst over *areas* and knows afterwards what must be true."""

    def __init__(self, services: Services, areas: Iterator[Area], *, people: int, reports: int) -> None:
        self.services = services
        self.reports = reports
        towns = [Town(services, next(areas)) for _ in range(8)]
        self.patients = [
            Patient(town, town.somebody(), n % ONE_IN_RED == 0)
            for n in range(people)
            for town in [towns[n % len(towns)]]
        ]
        self.whole = towns[0].ioc
        self.before: dict[str, int] = {}
        self.is_over = False
        self._room = asyncio.Semaphore(AT_ONCE)
        self._done = 0
        self._progress = asyncio.Condition()

    @property
    def accepted(self) -> list[str]:
        """The declarations that were answered with a receipt."""
        return [report_id for patient in self.patients for report_id in patient.report_ids]

    @property
    def red(self) -> set[str]:
        """Ids of those whose last declaration was a danger sign."""
        return {patient.person.person_id for patient in self.patients if patient.is_red}

    async def prepare(self, log: FactLog) -> None:
        """Give everybody a permit, and note the figures before anything happens."""
        await asyncio.gather(*(self._issue(patient) for patient in self.patients))
        await settled(log, seconds=SETTLE_SECONDS)
        await asyncio.sleep(1.5)  # the board looks at the store twice a second
        self.before = await self._figures()

    async def play(self) -> None:
        """Declare everybody, and let everybody declare; nobody new once it `is_over`."""
        await asyncio.gather(*(self._live(patient) for patient in self.patients))
        self.patients = [patient for patient in self.patients if patient.report_ids]

    async def reached(self, share: float) -> None:
        """Wait until so much of the burst has been accepted."""
        wanted = share * len(self.patients) * self.reports
        async with self._progress:
            await self._progress.wait_for(lambda: self._done >= wanted)

    async def _issue(self, patient: Patient) -> None:
        async with self._room:
            patient.paper = await patient.town.permits.issues(patient.person)

    async def _live(self, patient: Patient) -> None:
        async with self._room:
            if self.is_over:
                return
            await patient.town.officer.declares(patient.person)
        for number in range(self.reports):
            is_last = number == self.reports - 1
            bad = {"spo2_percent": 90, "spo2_repeat_percent": 90} if patient.is_red and is_last else {}
            async with self._room:
                receipt = await patient.town.citizen.reports(patient.person, **bad)
            patient.report_ids.append(receipt["report_id"])
            async with self._progress:
                self._done += 1
                self._progress.notify_all()

    async def nothing_is_lost_or_doubled(self, log: FactLog) -> None:
        """Compare what was accepted with the log, and the log with what every service made of it."""
        await all_quiet(self.services.stack.place.mongo_uri, log, seconds=SETTLE_SECONDS)
        persons = {patient.person.person_id for patient in self.patients}
        dead = [r for r in await log.read() if r.topic in QUEUES and (r.key or b"").decode() in persons]
        set_aside = [(letter.topic, notes(letter.headers)) for letter in dead]
        assert set_aside == [], set_aside[:3]
        reported = await ours(log, f0.HealthReported, persons)
        told = Counter(event.data.report_id for event in reported)
        same(told, Counter(self.accepted))
        await self._patients_are_told_without_gap(log, persons)
        raised = await ours(log, alerting.AlertRaised, persons)
        same(Counter(event.data.person_id for event in raised), Counter(self.red))
        suspended = await ours(log, permit.PermitSuspended, persons)
        same(Counter(event.data.person_id for event in suspended), Counter(persons))
        await self._figures_are_the_sum()

    async def _patients_are_told_without_gap(self, log: FactLog, persons: set[str]) -> None:
        rises = await ours(log, f0.RiskEscalated, persons)
        reds = [rise for rise in rises if rise.data.to_level is f0.RiskLevel.VERY_HIGH]
        same(Counter(rise.data.person_id for rise in reds), Counter(self.red))
        for person_id in persons:
            records = await log.records_about(person_id, [f0.PATIENTS])
            sequences = sorted({int(dict(record.headers)["ce_sequence"]) for record in records})
            assert sequences == list(range(1, len(sequences) + 1))

    async def _figures_are_the_sum(self) -> None:
        people, red = len(self.patients), len(self.red)
        expected = {
            "f0_active": people,
            "f0_total": people,
            "f0_very_high": red,
            "reports_f0": len(self.accepted),
            "permits_suspended": people,
            "permits_active": -people,
            "alerts_raised": red,
            "alerts_open": red,
        }

        async def moved() -> dict[str, int]:
            now = await self._figures()
            return {name: now[name] - self.before[name] for name in expected}

        await eventually(moved, lambda seen: seen == expected, seconds=SETTLE_SECONDS)

    async def _figures(self) -> dict[str, int]:
        counts = {
            metric: await self.whole.counted(metric, "19") for metric in ("reports_f0", "alerts_raised")
        }
        return {**await self.whole.figures("19"), **counts}


def same(told: Counter[str], expected: Counter[str]) -> None:
    """Fail with what is too much and what is missing."""
    assert told == expected, f"too much: {told - expected}, missing: {expected - told}"


async def ours(log: FactLog, kind: Any, persons: set[str]) -> list[Event[Any]]:
    """
    Return the facts of one kind about these people, each once.

    A relay that dies between Kafka's commit and its own note sends again: the same id, which every
    consumer drops.
    """
    events = {event.id: event for event in await log.of(kind)}
    return [event for event in events.values() if event.data.person_id in persons]
