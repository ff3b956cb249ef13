"""What is told of sources, and through which apps people are heard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from common.work.model import AggregateStore
from ioc_aggregation.domain.sources import Source


class KnownSources(AggregateStore[Source], Protocol):
    """What was last told of each source."""

    async def silent(self) -> dict[str, Source]:
        """Return those that are silent, by their ids."""


@dataclass(frozen=True, slots=True)
class Used:
    """Somebody declared through *app*."""

    person_id: str
    app: str
    commune_code: str
    at: datetime


class AppUsers(Protocol):
    """Who declared through which app; every write may be repeated and come in any order."""

    async def note(self, used: list[Used]) -> None:
        """Keep it."""

    async def by_commune(self, since: datetime) -> Mapping[str, Mapping[str, int]]:
        """Return by commune and app how many persons declared through it at or after *since*."""

    async def last_heard(self) -> Mapping[str, datetime]:
        """Return when each app was last heard."""

    async def ensure_indexes(self) -> None:
        """Create them."""
