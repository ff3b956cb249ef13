"""Sources that may go silent, and the apps that people are heard through."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from common.messaging.notes import NoteDoor
from common.messaging.subscription import Door
from common.service import Background, Runtime
from common.work.model import Heart
from ioc_aggregation.domain.rules import IocRules
from ioc_aggregation.domain.sources import decide_source
from ioc_aggregation.ports.sources import AppUsers, KnownSources
from ioc_aggregation.store.sources import MemoryAppUsers, MemorySources, MongoAppUsers, MongoSources
from ioc_aggregation.translate.apps import to_event
from ioc_aggregation.views.board import Board
from ioc_aggregation.views.sources import SourceLooks, Sources


@dataclass(frozen=True, slots=True)
class SourceStores:
    """Both; tests hand in their own."""

    known: KnownSources = field(default_factory=MemorySources)
    users: AppUsers = field(default_factory=MemoryAppUsers)


def in_mongo(runtime: Runtime) -> SourceStores:
    """Keep them in the service's database."""
    return SourceStores(MongoSources(runtime.database), MongoAppUsers(runtime.database))


@dataclass(frozen=True, slots=True)
class Sourcing:
    """What the service gets."""

    sources: Sources
    door: Door
    api_background: Background
    worker_background: Background
    stores: list[AppUsers]


def sources_of(
    runtime: Runtime, stores: SourceStores, board: Board, rules: Callable[[datetime], IocRules]
) -> Sourcing:
    """Make it on its stores: the API only looks, the workers tell."""
    clock = runtime.clock
    work = runtime.work(Heart("source", decide_source, to_event, lambda: None), stores.known)
    sources = Sources(board, stores.users, clock, rules)
    return Sourcing(
        sources,
        NoteDoor(stores.users.note),
        SourceLooks(sources, stores.known, None, clock),
        SourceLooks(sources, stores.known, work, clock),
        [stores.users],
    )
