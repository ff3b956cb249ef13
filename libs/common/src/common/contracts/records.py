"""The two shapes that the codec stands between: a fact in an outbox and a record of a topic."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

Headers = list[tuple[str, bytes]]


class RawRecord(Protocol):
    """What a Kafka client hands over."""

    @property
    def topic(self) -> str:
        """Topic the record was read from."""

    @property
    def value(self) -> bytes | None:
        """Raw value; None for a tombstone."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """Raw headers."""


class Entry(Protocol):
    """A fact waiting in an outbox: `common.work.model.OutboxEntry`, seen from here."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def type(self) -> str: ...  # noqa: D102
    @property
    def topic(self) -> str: ...  # noqa: D102
    @property
    def subject(self) -> str: ...  # noqa: D102
    @property
    def sequence(self) -> int: ...  # noqa: D102
    @property
    def recorded_at(self) -> datetime: ...  # noqa: D102
    @property
    def data(self) -> str: ...  # noqa: D102
    @property
    def correlation_id(self) -> str: ...  # noqa: D102
    @property
    def causation_id(self) -> str: ...  # noqa: D102
    @property
    def traceparent(self) -> str: ...  # noqa: D102
