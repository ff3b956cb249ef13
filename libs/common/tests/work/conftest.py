"""A tiny domain for the unit of work: a counter that adds, refuses, rings and forgets."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from common.kernel.decision import Decision, Timer, TimerFired
from common.kernel.errors import DomainError
from common.work.model import Heart


@dataclass(frozen=True)
class Add:
    aggregate_id: str
    amount: int = 1


@dataclass(frozen=True)
class Explode:
    aggregate_id: str


@dataclass(frozen=True)
class Added:
    subject: str
    total: int


@dataclass(frozen=True)
class Counter:
    total: int = 0
    rung: int = 0


class Refused(DomainError):
    slug = "negative"


@dataclass(frozen=True)
class AddedEvent:
    total: int
    type: ClassVar[str] = "tests.added.v1"
    topic: ClassVar[str] = "tests.counters.v1"

    def model_dump_json(self, *, exclude_none: bool = False) -> str:
        return f'{{"total":{self.total}}}'


def decide(state: Counter | None, command: Any, rules: None, now: datetime) -> Decision[Counter]:
    counter = state or Counter()
    match command:
        case Add(amount=amount) if amount < 0:
            raise Refused("negative")
        case Add(aggregate_id=subject, amount=amount):
            total = counter.total + amount
            return Decision(
                Counter(total, counter.rung),
                (Added(subject, total),),
                (Timer("nap", now + timedelta(minutes=1)),),
                {"total": total},
            )
        case TimerFired():
            return Decision(Counter(counter.total, counter.rung + 1), (Added("rung", counter.rung + 1),))
        case _:
            raise ValueError("a bug in the domain")


@dataclass
class StepClock:
    present: datetime = field(default_factory=lambda: datetime(2022, 1, 10, 1, tzinfo=UTC))

    def now(self) -> datetime:
        return self.present


@pytest.fixture
def heart() -> Heart[Counter, None]:
    return Heart("counters", decide, lambda fact: AddedEvent(fact.total), lambda: None)


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
def add() -> type[Add]:
    return Add


@pytest.fixture
def explode() -> type[Explode]:
    return Explode


@pytest.fixture
def refused() -> type[Refused]:
    return Refused


def to_document(counter: Counter) -> dict[str, Any]:
    return {"total": counter.total, "rung": counter.rung}


@pytest.fixture
def counter_codec() -> tuple[Any, Any]:
    return to_document, lambda doc: Counter(**doc)
