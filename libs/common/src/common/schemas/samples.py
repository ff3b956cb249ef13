"""Golden samples: one complete event per type, written by hand, in CloudEvents structured mode."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from common.contracts import codec
from common.contracts.base import Payload
from common.contracts.codec import STRUCTURED, Undecodable
from common.contracts.event import Event
from common.contracts.records import Headers
from common.contracts.registry import PAYLOADS


class _Record(NamedTuple):
    topic: str
    value: bytes
    headers: Headers


def read_samples(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the samples in *folder* by type."""
    return {
        path.name.removesuffix(".json"): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.json"))
    }


def decoded(event_type: str, sample: Mapping[str, Any]) -> Event[Payload]:
    """Return *sample* read as a record of its topic; raises `Undecodable`."""
    value = json.dumps(sample).encode()
    return codec.decode(_Record(PAYLOADS[event_type].topic, value, [("content-type", STRUCTURED)]))


def faults(samples: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return what is wrong with *samples*: missing, superfluous, unreadable, or with unknown fields."""
    found = [f"{name}: there is no sample" for name in sorted(PAYLOADS.keys() - samples.keys())]
    found += [f"{name}: there is no such fact" for name in sorted(samples.keys() - PAYLOADS.keys())]
    for name in sorted(PAYLOADS.keys() & samples.keys()):
        try:
            event = decoded(name, samples[name])
        except Undecodable as error:
            found.append(f"{name}: {error}")
            continue
        unknown = samples[name]["data"].keys() - type(event.data).model_fields.keys()
        if event.type != name or unknown:
            found.append(f"{name}: another type, or unknown fields {sorted(unknown)}")
    return found
