"""The catalogue of topics, read from `schemas/topics.yaml`."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from common.messaging.groups import dead_letters_of, retries_of

_STRICT = ConfigDict(frozen=True, extra="forbid")
Count = Annotated[int, Field(ge=1)]


def schemas_folder() -> Path:
    """Return the folder `schemas/`: the variable LACHAN_SCHEMAS, or the one of this source tree."""
    named = os.environ.get("LACHAN_SCHEMAS")
    return Path(named) if named else Path(__file__).resolve().parents[5] / "schemas"


class Topic(BaseModel):
    """One topic that holds facts."""

    model_config = _STRICT

    name: str
    description: str
    owner: str
    key: str
    partitions: Count
    retention_days: Count
    cleanup: Literal["delete", "compact"]
    types: tuple[str, ...]
    subscribers: tuple[str, ...]
    for_partners: bool = False


class Queue(BaseModel):
    """A topic that exists for one consumer group: its dead letters or its retries."""

    model_config = _STRICT

    name: str
    group: str
    partitions: Count
    retention_days: Count
    cleanup: Literal["delete"] = "delete"


class Catalogue(BaseModel):
    """All topics. `queues` follow from the subscribers."""

    model_config = _STRICT

    topics: tuple[Topic, ...]
    queues: tuple[Queue, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """Return every consumer group, sorted."""
        return tuple(sorted({group for topic in self.topics for group in topic.subscribers}))

    def topic(self, name: str) -> Topic:
        """Return the topic called *name*; raises KeyError."""
        for topic in self.topics:
            if topic.name == name:
                return topic
        raise KeyError(name)

    @property
    def for_partners(self) -> tuple[str, ...]:
        """Return the names of the topics that a partner may be granted."""
        return tuple(topic.name for topic in self.topics if topic.for_partners)

    def read_by(self, group: str) -> tuple[str, ...]:
        """Return the names of the topics that *group* reads."""
        return tuple(topic.name for topic in self.topics if group in topic.subscribers)


def load(path: Path | None = None) -> Catalogue:
    """Read and check the catalogue; raises `pydantic.ValidationError` where it is malformed."""
    document = yaml.safe_load((path or schemas_folder() / "topics.yaml").read_text(encoding="utf-8"))
    defaults: dict[str, Any] = document["defaults"]
    common = {name: defaults[name] for name in ("partitions", "retention_days", "cleanup")}
    topics = tuple(
        Topic.model_validate({**common, "name": name, **body}) for name, body in document["topics"].items()
    )
    groups = sorted({group for topic in topics for group in topic.subscribers})
    queues = [Queue(name=dead_letters_of(group), group=group, **defaults["dead_letters"]) for group in groups]
    queues += [Queue(name=retries_of(group), group=group, **defaults["retries"]) for group in groups]
    return Catalogue(topics=topics, queues=tuple(queues))
