"""Tests, households, handovers and beds, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from common.messaging.subscription import Door
from common.service import Runtime
from common.work.engine import Work
from common.work.model import AggregateStore, Heart
from quarantine import ports
from quarantine.domain.facility import Facility, decide
from quarantine.domain.rules import QuarantineRules
from quarantine.store.moves import MongoFacilities, MongoMoves
from quarantine.translate.moves import to_facility_event
from quarantine.views.beds import BedDesk
from quarantine.views.desk import Desk
from quarantine.views.handovers import HandoverDesk
from quarantine.views.households import HouseholdDesk, HouseholdDoor
from quarantine.views.intake import Intake
from quarantine.views.testing import TestDesk

PAGES = Path(__file__).parents[1] / "pages"
DESKS = {"/co-so-cach-ly": PAGES / "facilities" / "facilities.html"}


class FacilityStore(ports.Facilities, AggregateStore[Facility], Protocol):
    """Where facilities are kept and looked up."""


@dataclass(frozen=True, slots=True)
class MoveStores:
    """The files asked other questions, and the facilities; tests hand in their own."""

    moves: ports.Moves
    facilities: FacilityStore


def in_mongo(runtime: Runtime) -> MoveStores:
    """Keep them in the service's database."""
    return MoveStores(MongoMoves(runtime.database), MongoFacilities(runtime.database))


@dataclass(frozen=True, slots=True)
class Moves:
    """What the composition root adds."""

    parts: dict[str, Any]
    doors: tuple[Door, Door]
    """Of households and of facilities."""
    stores: Sequence[Any]


def moves_of(
    runtime: Runtime,
    stores: MoveStores,
    cases: ports.Cases,
    work: Work[Any, Any],
    desks: tuple[Desk, Intake],
    rules: QuarantineRules,
) -> Moves:
    """Make everything on its stores."""
    desk, intake = desks
    found = stores.moves
    facilities = runtime.work(Heart("facility", decide, to_facility_event, lambda: None), stores.facilities)
    parts = {
        "test_desk": TestDesk(runtime, cases, found, desk, intake),
        "household_desk": HouseholdDesk(runtime, found, desk, intake, rules),
        "handover_desk": HandoverDesk(runtime, cases, found, desk, intake),
        "bed_desk": BedDesk(runtime, cases, found, stores.facilities, desk),
        "facilities": facilities,
    }
    return Moves(parts, (HouseholdDoor(cases, found, work), facilities), [found])
