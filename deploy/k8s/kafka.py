"""Topics and users of Kafka (Strimzi), all from schemas/topics.yaml: nobody may more than it says."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from common.messaging.catalogue import Catalogue, Queue, Topic
from common.messaging.groups import dead_letters_of, retries_of
from deploy.k8s.manifest import Manifest
from deploy.k8s.services import SERVICES, Service

CLUSTER: Final = "la-chan"
_DAY_MS: Final = 24 * 60 * 60 * 1000


class Rights:
    """What one user may do, gathered per resource."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[str]] = defaultdict(list)

    def allow(self, kind: str, name: str, *operations: str) -> None:
        """Allow *operations* on one resource, named in full."""
        held = self._found[kind, name]
        held += [operation for operation in operations if operation not in held]

    def acls(self) -> list[Manifest]:
        """Return the rules, sorted by resource."""
        return [
            {
                "resource": {"type": kind, "name": name, "patternType": "literal"},
                "operations": sorted(operations),
                "host": "*",
            }
            for (kind, name), operations in sorted(self._found.items())
        ]


def topics(catalogue: Catalogue) -> Iterator[Manifest]:
    """Yield one KafkaTopic per topic, dead letters and retries included."""
    every: tuple[Topic | Queue, ...] = (*catalogue.topics, *catalogue.queues)
    for topic in every:
        config: dict[str, str] = {"cleanup.policy": topic.cleanup}
        if topic.cleanup == "delete":
            config["retention.ms"] = str(topic.retention_days * _DAY_MS)
        yield {
            "apiVersion": "kafka.strimzi.io/v1",
            "kind": "KafkaTopic",
            "metadata": {"name": topic.name, "labels": {"strimzi.io/cluster": CLUSTER}},
            "spec": {"partitions": topic.partitions, "config": config},
        }


def users(catalogue: Catalogue) -> Iterator[Manifest]:
    """Yield one KafkaUser per service, and those of the scaler, the dead-letter tool and the backup."""
    for service in SERVICES:
        yield _user(service.name, rights_of(service, catalogue))
    yield _user("keda", _rights_of_the_scaler(catalogue))
    yield _user("operator", _rights_of_the_operator(catalogue))
    yield _user("backup", _rights_of_the_backup(catalogue))


def rights_of(service: Service, catalogue: Catalogue) -> Rights:
    """Return what *service* may: write its topics, read what its groups subscribe to, set records aside."""
    rights = Rights()
    for topic in catalogue.topics:
        if topic.owner == service.name:
            rights.allow("topic", topic.name, "Describe", "Write")
    for group, topic in service.reads(catalogue):
        rights.allow("topic", topic.name, "Describe", "Read")
        rights.allow("topic", retries_of(group), "Describe", "Read")
        rights.allow("topic", dead_letters_of(group), "Describe", "Write")
        rights.allow("group", group, "Read")
    rights.allow("transactionalId", f"{service.name}-relay", "Describe", "Write")
    if service.api_reads_kafka or service.watches_groups:  # the wall and the watch over the system
        _describe_everything(rights, catalogue)
    return rights


def _describe_everything(rights: Rights, catalogue: Catalogue) -> None:
    every: tuple[Topic | Queue, ...] = (*catalogue.topics, *catalogue.queues)
    for topic in every:
        rights.allow("topic", topic.name, "Describe")
    for group in catalogue.groups:
        rights.allow("group", group, "Describe")
        rights.allow("group", dead_letters_of(group), "Describe")


def _rights_of_the_scaler(catalogue: Catalogue) -> Rights:
    rights = Rights()
    for topic in catalogue.topics:
        for group in topic.subscribers:
            rights.allow("topic", topic.name, "Describe")
            rights.allow("group", group, "Describe")
    return rights


def _rights_of_the_operator(catalogue: Catalogue) -> Rights:
    rights = Rights()
    for group in catalogue.groups:
        letters = dead_letters_of(group)
        rights.allow("topic", letters, "Describe", "Read", "Write")
        rights.allow("topic", retries_of(group), "Describe", "Write")
        rights.allow("group", letters, "Read")
    return rights


def _rights_of_the_backup(catalogue: Catalogue) -> Rights:
    rights = Rights()
    every: tuple[Topic | Queue, ...] = (*catalogue.topics, *catalogue.queues)
    for topic in every:
        rights.allow("topic", topic.name, "Describe", "Read")
    return rights


def _user(name: str, rights: Rights) -> Manifest:
    return {
        "apiVersion": "kafka.strimzi.io/v1",
        "kind": "KafkaUser",
        "metadata": {"name": name, "labels": {"strimzi.io/cluster": CLUSTER}},
        "spec": {
            "authentication": {"type": "scram-sha-512"},
            "authorization": {"type": "simple", "acls": rights.acls()},
        },
    }
