"""What a service listens to, as one screen of data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from common.contracts.base import Payload
from common.contracts.registry import PAYLOADS
from common.messaging.groups import retries_of
from common.work.model import Errand, Result

SMALL_BATCH = 0.05
"""Share of `batch_max` below which a batch is small: a reader with a backlog gets far more at once."""
Translate = Callable[[Any], Any]
"""
Turns an `Event` into one command, a sequence of commands, or None when it does not concern us.

Pure and total. A `DomainError` that it raises refuses the record like one of the decision would.
"""


class Door(Protocol):
    """What takes commands in batches: `Work` or `Ledger`."""

    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        """Apply *errands* in order; raises transient faults only."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """
    One consumer group: which facts of which topics become which commands of one kind of aggregate.

    *listens* is `{topic: {payload type: translate}}`. Other facts of these topics are passed over.
    *batch_max* bounds how many records are read at once. *rest_seconds*: pause after a small batch, for a
    reader that is in no hurry and pays by the batch; a backlog is read without a pause.
    """

    group: str
    listens: Mapping[str, Mapping[type[Payload], Translate]]
    work: Door
    batch_max: int = 1000
    rest_seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a fact listened to on a topic that it is never on."""
        for topic, facts in self.listens.items():
            for kind in facts:
                if kind.topic != topic:
                    raise ValueError(f"{self.group}: {kind.type} is on {kind.topic}, not on {topic}")

    def rest_after(self, records: int) -> float:
        """Return the pause after a batch of so many records, in seconds."""
        return self.rest_seconds if records < self.batch_max * SMALL_BATCH else 0.0

    @property
    def topics(self) -> tuple[str, ...]:
        """Return the topics to read: the listed ones and the group's retries."""
        return (*self.listens, retries_of(self.group))

    def translations(self) -> dict[str, Translate]:
        """Return the translation of each type of fact that is listened to."""
        return {kind.type: to for facts in self.listens.values() for kind, to in facts.items()}

    def passed_over(self) -> frozenset[bytes]:
        """Return the known types on our topics that nobody here listens to, as header values."""
        ours = self.translations()
        return frozenset(
            name.encode()
            for name, kind in PAYLOADS.items()
            if kind.topic in self.listens and name not in ours
        )


def as_commands(translated: Any) -> Sequence[Any]:
    """Return what a translation gave as a sequence of commands; a named tuple is one command."""
    if translated is None:
        return ()
    return translated if type(translated) in (list, tuple) else (translated,)
