"""The five services as an operator sees them: names, sizes, what each may reach."""

from dataclasses import dataclass, field
from typing import Final

from common.messaging.catalogue import Catalogue, Topic
from deploy.local.services import PACKAGES


@dataclass(frozen=True, slots=True)
class Size:
    """Resources of one pod: asked for, and at most. One process has one event loop: about one core."""

    cpu: str = "300m"
    memory: str = "256Mi"
    cpu_most: str = "2"
    memory_most: str = "512Mi"


@dataclass(frozen=True, slots=True)
class Service:
    """One service: *name* as deployed, the sizes of its halves, what they reach besides MongoDB."""

    name: str
    api: Size = field(default_factory=Size)
    worker: Size = field(default_factory=Size)
    api_reads_kafka: bool = False
    sends_mail: bool = False
    makes_calls: bool = False
    sends_texts: bool = False
    api_sends: bool = False
    watches_groups: bool = False
    """Asks how far every consumer group has got, to ring when one is stuck."""

    @property
    def prefix(self) -> str:
        """Prefix of its settings, for example `F0_MONITORING`."""
        return self.name.upper().replace("-", "_")

    @property
    def database(self) -> str:
        """Name of its MongoDB database."""
        return self.name.replace("-", "_")

    def reads(self, catalogue: Catalogue) -> list[tuple[str, Topic]]:
        """Return every (group, topic) that it consumes, in the order of the catalogue."""
        return [
            (group, topic)
            for topic in catalogue.topics
            for group in topic.subscribers
            if group.partition(".")[0] == self.name
        ]

    def groups(self, catalogue: Catalogue) -> list[str]:
        """Return its consumer groups, sorted."""
        return sorted({group for group, _ in self.reads(catalogue)})


_BOARD: Final = Size(memory="512Mi", memory_most="1Gi")
_MORE: Final[dict[str, Service]] = {
    "quarantine": Service("quarantine", sends_texts=True),
    "f0-monitoring": Service("f0-monitoring", makes_calls=True, sends_texts=True),
    "alerting": Service("alerting", sends_mail=True, sends_texts=True, api_sends=True, watches_groups=True),
    # The board of the operations centre keeps its days in memory, and the wall shows how Kafka's groups do.
    "ioc-aggregation": Service("ioc-aggregation", _BOARD, _BOARD, api_reads_kafka=True, sends_mail=True),
}
SERVICES: Final = tuple(
    _MORE.get(name) or Service(name) for name in (package.replace("_", "-") for package in PACKAGES)
)
