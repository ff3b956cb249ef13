"""The tables of topics in `schemas/README.md` and in the services' READMEs, between two markers."""

import re

from common.contracts.registry import OWNERS, PAYLOADS, owner_of
from common.messaging.catalogue import Catalogue, Topic

BEGIN, END = "<!-- topics: written by `make schemas` -->", "<!-- topics: end -->"


def filled(text: str, table: str) -> str:
    """Return *text* with *table* between its markers; unchanged where there are none."""
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    return pattern.sub(lambda _: f"{BEGIN}\n\n{table}\n\n{END}", text)


def all_topics(catalogue: Catalogue) -> str:
    """Return the table of every topic."""
    rows = [_row(topic) for topic in catalogue.topics]
    head = ["| topic | owner | key | facts | read by | kept |", "|---|---|---|---|---|---|"]
    return "\n".join(head + rows)


def _row(topic: Topic) -> str:
    cells = (f"`{topic.name}`", topic.owner, topic.key, _facts(topic), _readers(topic), _kept(topic))
    return f"| {' | '.join(cells)} |"


def of_service(service: str, catalogue: Catalogue) -> str:
    """Return the table of the topics that *service* writes and reads."""
    rows = [
        f"| writes | `{topic.name}` | {_facts(topic)} | {_readers(topic)} |"
        for topic in catalogue.topics
        if topic.owner == service
    ]
    for group in catalogue.groups:
        if owner_of(group) == service:
            names = ", ".join(f"`{name}`" for name in catalogue.read_by(group))
            rows.append(f"| reads | {names} | as far as it listens | `{group}` |")
    return "\n".join(["| | topic | facts | group |", "|---|---|---|---|", *rows])


def services() -> tuple[str, ...]:
    """Return the names of the services, as folders."""
    return tuple(OWNERS)


def _facts(topic: Topic) -> str:
    return ", ".join(PAYLOADS[name].__name__ for name in topic.types)


def _readers(topic: Topic) -> str:
    return ", ".join(f"`{group}`" for group in topic.subscribers) or "partners"


def _kept(topic: Topic) -> str:
    return "latest per key" if topic.cleanup == "compact" else f"{topic.retention_days} days"
