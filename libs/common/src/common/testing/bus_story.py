"""What the suite of every bus is told with: people, facts, a door that takes notes."""
# ruff: noqa: ASYNC110 - a story looks at a bus from outside, which has no event to wait for

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Protocol

from common.contracts.base import Payload
from common.contracts.codec import to_record
from common.contracts.event import Event
from common.contracts.f0_monitoring import PATIENTS, DoctorAssigned, PatientClosed
from common.contracts.quarantine import CASES, QuarantineEnded
from common.kernel.errors import DomainError
from common.messaging.groups import dead_letters_of
from common.messaging.records import ConsumedRecord, Outgoing
from common.messaging.retry import Backoff
from common.messaging.subscription import Subscription, Translate
from common.work.model import Errand, OutboxEntry, Outcome, Result

QUICK = Backoff(first_seconds=0.01, longest_seconds=0.02, patience_seconds=0.2)


class Consumers(Protocol):
    """Running subscriptions."""

    async def start(self) -> None:
        """Begin."""

    async def stop(self) -> None:
        """End with the batch in hand."""


class Bus(Protocol):
    """The bus under test."""

    async def publish(self, records: Sequence[Outgoing]) -> None:
        """Write records."""

    def consumers(
        self, subscriptions: Sequence[Subscription], *, backoff: Backoff | None = None
    ) -> Consumers:
        """Return consumers of subscriptions."""

    async def read(self, topic: str) -> Sequence[ConsumedRecord]:
        """Return all records of a topic."""

    async def committed(self, group: str) -> dict[tuple[str, int], int]:
        """Return the committed offsets of a group."""


class CareRefused(DomainError):
    """What the door of the suite refuses."""

    slug: ClassVar[str] = "care-refused"


@dataclass(frozen=True, slots=True)
class Note:
    """The command that the suite's facts become."""

    aggregate_id: str
    sequence: int
    event_id: str


@dataclass
class Notebook:
    """A door that writes down what it is told; *before* runs first and may fail."""

    run: str
    before: Callable[[list[Errand]], Awaitable[None]] | None = None
    errands: list[Errand] = field(default_factory=list)
    refuse: set[int] = field(default_factory=set)
    break_on: set[int] = field(default_factory=set)

    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        """Note the errands of this run."""
        ours = [errand for errand in errands if errand.command.aggregate_id.startswith(self.run)]
        if ours and self.before is not None:
            await self.before(ours)
        if any(errand.command.sequence in self.break_on for errand in ours):
            raise ValueError("a bug in the decision")
        self.errands += [errand for errand in ours if errand.command.sequence not in self.refuse]
        return [self._result(errand) for errand in errands]

    def sequences(self, person: str) -> list[int]:
        """Return the sequences noted for *person*, in order."""
        return [e.command.sequence for e in self.errands if e.command.aggregate_id == self.run + person]

    def _result(self, errand: Errand) -> Result:
        if errand.command.aggregate_id.startswith(self.run) and errand.command.sequence in self.refuse:
            return Result(Outcome.REFUSED, error=CareRefused())
        return Result(Outcome.APPLIED)


def to_note(event: Event[Any]) -> Note:
    """Translate: a foreign fact becomes our command."""
    return Note(event.subject, event.sequence, event.id)


class Story:
    """One run on a bus that others may use too: its own group and its own people."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.run = f"t{uuid.uuid4().hex[:10]}-"
        self.group = f"suite.{self.run}group"
        self.notebook = Notebook(self.run)

    def subscription(self) -> Subscription:
        """Listen to one kind of fact of each of two topics."""
        listens: dict[str, dict[type[Payload], Translate]] = {
            PATIENTS: {DoctorAssigned: to_note},
            CASES: {QuarantineEnded: to_note},
        }
        return Subscription(self.group, listens, self.notebook, batch_max=50)

    @asynccontextmanager
    async def consuming(self) -> AsyncIterator[Consumers]:
        """Consume while inside."""
        consumers = self.bus.consumers([self.subscription()], backoff=QUICK)
        await consumers.start()
        try:
            yield consumers
        finally:
            await consumers.stop()

    def fact(self, person: str, sequence: int) -> OutboxEntry:
        """Return a fact that is listened to."""
        place = {"person_id": self.run + person, "commune_code": "05443", "district_code": "164"}
        return self._entry(DoctorAssigned(**place, doctor_id="d-1", reason="load"), sequence)

    def passed_over(self, person: str) -> OutboxEntry:
        """Return a fact of a topic that is read, of a type that nobody here listens to."""
        place = {"person_id": self.run + person, "commune_code": "05443", "district_code": "164"}
        closed = PatientClosed.model_validate(
            {**place, "outcome": "recovered", "care_state": "at_home", "risk_level": "low"}
            | {"closed_on": date(2022, 1, 20)}
        )
        return self._entry(closed, 1)

    def _entry(self, fact: Any, sequence: int) -> OutboxEntry:
        return OutboxEntry(
            id=str(uuid.uuid4()),
            type=fact.type,
            topic=fact.topic,
            subject=fact.person_id,
            sequence=sequence,
            recorded_at=datetime(2022, 1, 20, 3, tzinfo=UTC),
            data=fact.model_dump_json(),
        )

    async def publish(self, *entries: OutboxEntry) -> None:
        """Write facts as the relay does."""
        await self.bus.publish([Outgoing(*to_record(entry)) for entry in entries])

    async def publish_raw(self, entry: OutboxEntry, **changes: Any) -> Outgoing:
        """Write a damaged fact and return it."""
        record = Outgoing(*to_record(entry))._replace(**changes)
        await self.bus.publish([record])
        return record

    async def dead_letters(self) -> list[ConsumedRecord]:
        """Return the dead letters of this run."""
        letters = await self.bus.read(dead_letters_of(self.group))
        return [letter for letter in letters if (letter.key or b"").startswith(self.run.encode())]

    async def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until *condition* holds."""
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.02)

    async def until_dead(self, count: int, seconds: float = 20) -> list[ConsumedRecord]:
        """Wait for *count* dead letters and return them."""
        async with asyncio.timeout(seconds):
            while len(letters := await self.dead_letters()) < count:
                await asyncio.sleep(0.05)
        return letters
