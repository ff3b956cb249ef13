"""What looks after patients between declarations, put together: rotation, acts, timeline, live list."""

import os
import socket
from dataclasses import dataclass
from typing import Any, Protocol

from common.mongo.leases import MongoLease
from common.service import Runtime
from common.work.engine import Work
from common.work.model import AggregateStore, Heart, RecordStore
from f0_monitoring import ports
from f0_monitoring.domain.cover import Cover, decide_cover
from f0_monitoring.domain.equipment import Device, decide_device
from f0_monitoring.domain.timeline import Entry, Words, keep_entry, keep_words
from f0_monitoring.rulebook import RiskRuleBooks
from f0_monitoring.store.cover import MongoCovers, MongoDevices
from f0_monitoring.store.live import MongoChanges
from f0_monitoring.store.timeline import MongoTimeline, MongoWords
from f0_monitoring.translate import to_event
from f0_monitoring.views.acts import Acts
from f0_monitoring.views.live import Live
from f0_monitoring.views.rotation import Rotation
from f0_monitoring.views.staff import Staff
from f0_monitoring.views.story import Story
from f0_monitoring.views.worklist import Worklist


class CoverStore(ports.Covers, AggregateStore[Cover], Protocol):
    """Where it is kept which communes have nobody on duty."""


class DeviceStore(ports.Devices, AggregateStore[Device], Protocol):
    """Where devices are kept and looked up."""


class TimelineStore(ports.Timeline, RecordStore[Entry], Protocol):
    """Where facts are filed by person."""


class WordStore(ports.WordsKept, RecordStore[Words], Protocol):
    """Where sealed words are kept."""


@dataclass(frozen=True)
class CareStores:
    """All of them; tests hand in their own."""

    covers: CoverStore
    devices: DeviceStore
    timeline: TimelineStore
    words: WordStore
    changes: ports.Changes


def in_mongo(runtime: Runtime) -> CareStores:
    """Keep them in Mongo."""
    database = runtime.database
    return CareStores(
        covers=MongoCovers(database),
        devices=MongoDevices(database),
        timeline=MongoTimeline(database),
        words=MongoWords(database),
        changes=MongoChanges(database),
    )


def care_parts(
    runtime: Runtime,
    patients: Any,
    work: Work[Any, Any],
    staff: Staff,
    stores: CareStores,
    rules: RiskRuleBooks,
) -> dict[str, Any]:
    """Make all of them, by the name under which routes ask for them."""
    covers = runtime.work(Heart("cover", decide_cover, to_event, _none), stores.covers)
    devices = runtime.work(Heart("device", decide_device, to_event, _none), stores.devices)
    story = runtime.ledger(Heart("timeline", keep_entry, to_event, _none), stores.timeline)
    words = runtime.ledger(Heart("words", keep_words, to_event, _none), stores.words)
    return {
        "rotation": Rotation(staff, patients, stores.covers, (work, covers), runtime.clock, _lease(runtime)),
        "timeline": story,
        "acts": Acts(runtime, patients, work, devices, words),
        "story": Story(runtime, patients, (stores.timeline, stores.words, stores.devices), staff),
        "worklist": Worklist(runtime, patients, staff, rules.wording),
        "live": Live(stores.changes, patients, runtime.clock),
    }


def _lease(runtime: Runtime) -> MongoLease | None:
    if runtime.in_memory:
        return None
    holder = runtime.settings.worker_name or f"{socket.gethostname()}:{os.getpid()}"
    return MongoLease(runtime.database, "rotation", holder)


def _none() -> None:
    return None
