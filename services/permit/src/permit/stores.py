"""Everything that the permit service keeps, by what it is for; tests hand in their own."""

from dataclasses import dataclass
from typing import Protocol

from common.mongo.changes import ChangedIds
from common.service import Runtime
from common.work.model import AggregateStore, RecordStore
from permit import ports
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.filing import Filed
from permit.domain.firms import Firm
from permit.domain.flags import Flag
from permit.domain.gate_actions import GateAction
from permit.domain.keyring import Keyring
from permit.domain.model import Holder
from permit.domain.rollouts import Rollout
from permit.domain.scans import Scan
from permit.domain.shifts import Shift
from permit.domain.staff_lists import StaffList
from permit.ports import gate, lists, staff, watch
from permit.store import MongoCheckpoints, MongoDirectives, MongoHolders, MongoKeyring, MongoScans
from permit.store.changes import MongoRollouts, record_of
from permit.store.gate import MongoGateActions, MongoShifts
from permit.store.lists import MongoJournal, MongoStandings
from permit.store.plates import Plates
from permit.store.staff_lists import MongoFirms, MongoStaffLists
from permit.store.upgrade import MongoUpgrade
from permit.store.watch import MongoFlags, MongoMinutes, MongoSightings


class HolderStore(ports.Holders, AggregateStore[Holder], Protocol):
    """Where the files of people are kept and looked up."""


class DirectiveStore(ports.Directives, AggregateStore[AreaDirective], Protocol):
    """Where directives are kept and looked up."""


class CheckpointStore(ports.Checkpoints, AggregateStore[Checkpoint], Protocol):
    """Where checkpoints are kept and looked up."""


class RingStore(ports.Keyrings, AggregateStore[Keyring], Protocol):
    """Where the ring of keys is kept."""


class RolloutStore(ports.Rollouts, AggregateStore[Rollout], Protocol):
    """Where changes going through their areas are kept."""


class DecisionRecord(ports.Record, RecordStore[Filed], Protocol):
    """Where the record of decisions is filed."""


class ShiftStore(gate.Shifts, AggregateStore[Shift], Protocol):
    """Where shifts are kept and looked up."""


class ActionStore(gate.GateActions, RecordStore[GateAction], Protocol):
    """Where the acts of officers are kept and looked up."""


class FlagStore(watch.Flags, AggregateStore[Flag], Protocol):
    """Where flags are kept and looked up."""


class FirmStore(staff.Firms, AggregateStore[Firm], Protocol):
    """Where firms are kept and looked up."""


class StaffListStore(staff.StaffLists, AggregateStore[StaffList], Protocol):
    """Where staff lists and their pages are kept and looked up."""


class ScanStore(staff.Scans, RecordStore[Scan], Protocol):
    """Where scans are appended and looked up."""


@dataclass(frozen=True)
class ListStores:
    """What the lists for scanners are made from and kept in, beside the flags."""

    standings: lists.Standings
    changes: lists.Changes
    journal: lists.Journal


@dataclass(frozen=True)
class WatchStores:
    """What those who watch the scans read and keep."""

    permit_flags: FlagStore
    checkpoint_flags: FlagStore
    sightings: watch.Sightings
    minutes: watch.Minutes


@dataclass(frozen=True, kw_only=True)
class Stores:
    """Everything that this service keeps."""

    holders: HolderStore
    directives: DirectiveStore
    checkpoints: CheckpointStore
    ring: RingStore
    scans: ScanStore
    rollouts: RolloutStore
    record: DecisionRecord
    shifts: ShiftStore
    gate_actions: ActionStore
    lists: ListStores
    watch: WatchStores
    firms: FirmStore
    staff_lists: StaffListStore
    upgrade: ports.Upgrade | None = None
    """None where nothing was kept before."""


def in_mongo(runtime: Runtime) -> Stores:
    """Return the stores in the service's own database."""
    database = runtime.database
    holders = MongoHolders(database, Plates(runtime.vault))
    return Stores(
        holders=holders,
        upgrade=MongoUpgrade(database, holders),
        directives=MongoDirectives(database),
        checkpoints=MongoCheckpoints(database),
        ring=MongoKeyring(database),
        scans=MongoScans(database),
        rollouts=MongoRollouts(database),
        record=record_of(database),
        shifts=MongoShifts(database),
        gate_actions=MongoGateActions(database),
        lists=ListStores(
            MongoStandings(database, runtime.clock), ChangedIds(database, "holders"), MongoJournal(database)
        ),
        watch=WatchStores(
            MongoFlags(database, "permit_flags"),
            MongoFlags(database, "checkpoint_flags"),
            MongoSightings(database),
            MongoMinutes(database),
        ),
        firms=MongoFirms(database),
        staff_lists=MongoStaffLists(database),
    )
