"""Oxygen, beds and requests: what is heard of them, where it is kept, who sees it."""

from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import APIRouter

from common.messaging.notes import NoteDoor
from common.service import Runtime
from ioc_aggregation.ports.resources import ResourceStore
from ioc_aggregation.routes.resources import router
from ioc_aggregation.rulebook.resources import ResourceRules
from ioc_aggregation.views.resources import ResourceDesk
from ioc_aggregation.views.window import Window


class KeptResources(ResourceStore, Protocol):
    """The store with its indexes."""

    async def ensure_indexes(self) -> None:
        """Create them."""


@dataclass(frozen=True, slots=True)
class Resourcing:
    """What the service gets."""

    routers: list[APIRouter]
    parts: dict[str, Any]
    door: NoteDoor
    stores: list[KeptResources]


def resources_of(runtime: Runtime, store: KeptResources, window: Window) -> Resourcing:
    """Make it on its store."""
    desk = ResourceDesk(store, window, ResourceRules.load(runtime.folder / "rules"), runtime.clock)
    return Resourcing([router], {"resource_desk": desk}, NoteDoor(store.note), [store])
