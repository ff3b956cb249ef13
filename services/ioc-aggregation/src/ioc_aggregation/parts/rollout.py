"""The roll-out: what units declare, who is heard after an order, and the score."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from fastapi import APIRouter

from common.contracts.base import Payload
from common.kernel.decision import Fact
from common.messaging.notes import NoteDoor
from common.service import Runtime
from common.work.model import AggregateStore, Heart
from ioc_aggregation.domain.rollout import Readiness, decide_readiness
from ioc_aggregation.ports.rollout import Declarations, FirstContacts
from ioc_aggregation.ports.sources import AppUsers
from ioc_aggregation.routes.rollout import router
from ioc_aggregation.rulebook.rollout import RolloutBook
from ioc_aggregation.store.rollout import (
    MemoryContacts,
    MemoryDeclarations,
    MongoContacts,
    MongoDeclarations,
)
from ioc_aggregation.views.app_counts import AppCounts
from ioc_aggregation.views.rollout import RolloutDesk
from ioc_aggregation.views.window import Window


class KeptDeclarations(Declarations, AggregateStore[Readiness], Protocol):
    """What units declared."""


class KeptContacts(FirstContacts, Protocol):
    """Who was heard, with its indexes."""

    async def ensure_indexes(self) -> None:
        """Create them."""


@dataclass(frozen=True, slots=True)
class RolloutStores:
    """Both; tests hand in their own."""

    declarations: KeptDeclarations = field(default_factory=MemoryDeclarations)
    contacts: KeptContacts = field(default_factory=MemoryContacts)


def in_mongo(runtime: Runtime) -> RolloutStores:
    """Keep them in the service's database."""
    return RolloutStores(MongoDeclarations(runtime.database), MongoContacts(runtime.database))


@dataclass(frozen=True, slots=True)
class Rollout:
    """What the service gets."""

    routers: list[APIRouter]
    parts: dict[str, Any]
    door: NoteDoor
    stores: list[KeptContacts]


def rollout_of(runtime: Runtime, stores: RolloutStores, window: Window, users: AppUsers) -> Rollout:
    """Make it on its stores."""
    work = runtime.work(Heart("readiness", decide_readiness, _no_event, lambda: None), stores.declarations)
    book = RolloutBook.load(runtime.folder / "rules")
    apps = AppCounts(users, window.board.tree)
    desk = RolloutDesk(runtime, stores.declarations, stores.contacts, apps, window, book, work)
    door = NoteDoor(stores.contacts.note)
    return Rollout([router], {"rollout_desk": desk}, door, [stores.contacts])


def _no_event(fact: Fact) -> Payload:
    raise TypeError(f"no event for {type(fact).__name__}")
