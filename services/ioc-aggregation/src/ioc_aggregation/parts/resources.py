"""Oxygen, beds and requests: what is heard of them, where it is kept, who sees it."""

from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import APIRouter

from common.contracts.f0_monitoring import facilities as contract
from common.messaging.subscription import Subscription
from common.service import Runtime
from ioc_aggregation.ports.resources import ResourceStore
from ioc_aggregation.routes.resources import router
from ioc_aggregation.rulebook.resources import ResourceRules
from ioc_aggregation.store.resources import ResourceDoor
from ioc_aggregation.translate import resources as translate
from ioc_aggregation.views.resources import ResourceDesk
from ioc_aggregation.views.window import Window

GROUP = "ioc-aggregation.resources"


class KeptResources(ResourceStore, Protocol):
    """The store with its indexes."""

    async def ensure_indexes(self) -> None:
        """Create them."""


@dataclass(frozen=True, slots=True)
class Resourcing:
    """What the service gets."""

    routers: list[APIRouter]
    parts: dict[str, Any]
    subscriptions: list[Subscription]
    stores: list[KeptResources]


def resources_of(runtime: Runtime, store: KeptResources, window: Window) -> Resourcing:
    """Make it on its store."""
    desk = ResourceDesk(store, window, ResourceRules.load(runtime.folder / "rules"), runtime.clock)
    return Resourcing([router], {"resource_desk": desk}, [_subscription(ResourceDoor(store))], [store])


def _subscription(door: ResourceDoor) -> Subscription:
    return Subscription(
        group=GROUP,
        listens={
            contract.FACILITIES: {
                contract.FacilityOpened: translate.to_opened,
                contract.FacilityChanged: translate.to_changed,
                contract.BedReserved: translate.to_facility,
                contract.BedOccupied: translate.to_facility,
                contract.BedReleased: translate.to_facility,
            },
            contract.STOCK: {contract.StockReported: translate.to_stock},
            contract.SUPPLIES: {
                contract.SupplyAsked: translate.to_asked,
                contract.SupplyApproved: translate.to_approved,
                contract.SupplySent: translate.to_sent,
                contract.SupplyReceived: translate.to_received,
                contract.SupplyClosed: translate.to_closed,
            },
        },
        work=door,
    )
