"""What is kept beside records and declarations: cover, devices, the timeline, sealed words."""

from dataclasses import dataclass
from typing import Protocol

from common.service import Runtime
from common.work.model import AggregateStore, RecordStore
from f0_monitoring import ports
from f0_monitoring.domain.cover import Cover
from f0_monitoring.domain.equipment import Device
from f0_monitoring.domain.timeline import Entry, Words
from f0_monitoring.store.cover import MongoCovers, MongoDevices
from f0_monitoring.store.live import MongoChanges
from f0_monitoring.store.timeline import MongoTimeline, MongoWords


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


def care_in_mongo(runtime: Runtime) -> CareStores:
    """Keep them in Mongo."""
    database = runtime.database
    return CareStores(
        covers=MongoCovers(database),
        devices=MongoDevices(database),
        timeline=MongoTimeline(database),
        words=MongoWords(database),
        changes=MongoChanges(database),
    )
