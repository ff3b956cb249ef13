"""Each kind of breaking change is refused; adding an optional field is not."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from common.messaging.catalogue import Catalogue, load
from common.schemas.compatibility import breaking_changes, catalogue_changes
from common.schemas.events import schemas

NAME = "f0-monitoring.risk-escalated.v1"
Schema = dict[str, Any]
RELEASED = {NAME: schemas()[NAME]}


def changed(how: Callable[[Schema], object]) -> list[str]:
    present = deepcopy(RELEASED)
    how(present[NAME])
    return breaking_changes(RELEASED, present)


def fields(schema: Schema) -> Schema:
    found: Schema = schema["properties"]
    return found


def reason(schema: Schema) -> Schema:
    found: Schema = schema["$defs"]["Reason"]
    return found


def rename(schema: Schema) -> None:
    fields(schema)["level_before"] = fields(schema).pop("from_level")
    schema["required"][schema["required"].index("from_level")] = "level_before"


BREAKING: dict[str, Callable[[Schema], object]] = {
    "an optional field removed": lambda s: fields(s).pop("carer_id"),
    "a required field removed": lambda s: (fields(s).pop("ruleset"), s["required"].remove("ruleset")),
    "a field renamed": rename,
    "a field retyped": lambda s: fields(s)["is_danger_sign"].update(type="string"),
    "a new required field": lambda s: (
        fields(s).update(ward={"type": "string"}),
        s["required"].append("ward"),
    ),
    "an optional field made required": lambda s: s["required"].append("carer_id"),
    "a required field made optional": lambda s: s["required"].remove("ruleset"),
    "an enumeration narrowed": lambda s: s["$defs"]["RiskLevel"]["enum"].remove("low"),
    "an enumeration widened": lambda s: s["$defs"]["RiskLevel"]["enum"].append("extreme"),
    "a limit narrowed": lambda s: fields(s)["person_id"].update(maxLength=10),
    "a limit widened": lambda s: fields(s)["person_id"].update(maxLength=1000),
    "a limit added": lambda s: fields(s)["reasons"].update(maxItems=3),
    "a limit dropped": lambda s: fields(s)["commune_code"].pop("pattern"),
    "a format changed": lambda s: fields(s)["assessed_at"].update(format="date"),
    "null no longer allowed": lambda s: fields(s)["carer_id"]["anyOf"].pop(),
    "a default changed": lambda s: fields(s)["carer_id"].update(default="nobody"),
    "unknown fields forbidden": lambda s: s.update(additionalProperties=False),
    "a nested field removed": lambda s: reason(s)["properties"].pop("threshold"),
    "a nested field newly required": lambda s: reason(s)["required"].append("value"),
    "a nested field retyped": lambda s: reason(s)["properties"]["criterion"].update(type="integer"),
    "the key changed": lambda s: s.update({"x-key": "carer_id"}),
    "the topic changed": lambda s: s.update({"x-topic": "f0.risks.v1"}),
}

HARMLESS: dict[str, Callable[[Schema], object]] = {
    "nothing": lambda _: None,
    "an optional field added": lambda s: fields(s).update(ward={"type": "string"}),
    "an optional nested field added": lambda s: reason(s)["properties"].update(unit={"type": "string"}),
    "a better description": lambda s: s.update(description="The risk of a patient rose."),
    "a definition renamed": lambda s: (
        s["$defs"].update(Level=s["$defs"].pop("RiskLevel")),
        fields(s)["from_level"].update({"$ref": "#/$defs/Level"}),
        fields(s)["to_level"].update({"$ref": "#/$defs/Level"}),
    ),
}


@pytest.mark.parametrize("how", BREAKING.values(), ids=BREAKING.keys())
def test_a_breaking_change_is_refused(how: Callable[[Schema], object]) -> None:
    sentences = changed(how)
    assert sentences
    assert all(sentence.startswith(f"{NAME}: ") for sentence in sentences)


@pytest.mark.parametrize("how", HARMLESS.values(), ids=HARMLESS.keys())
def test_a_harmless_change_is_allowed(how: Callable[[Schema], object]) -> None:
    assert changed(how) == []


def test_a_fact_may_not_disappear_but_a_new_one_may_come() -> None:
    assert breaking_changes(RELEASED, {}) == [f"{NAME}: the fact is gone"]
    assert breaking_changes({}, RELEASED) == []


def without(catalogue: Catalogue, topic: str, **changes: Any) -> Catalogue:
    topics = tuple(t.model_copy(update=changes) if t.name == topic else t for t in catalogue.topics)
    return catalogue.model_copy(update={"topics": topics})


@pytest.mark.parametrize(
    "changes",
    [
        {"partitions": 12},
        {"key": "carer_id"},
        {"cleanup": "compact"},
        {"owner": "permit"},
        {"retention_days": 7},
    ],
)
def test_a_topic_keeps_what_order_and_access_rest_on(changes: dict[str, Any]) -> None:
    [sentence] = catalogue_changes(load(), without(load(), "f0.patients.v1", **changes))
    assert sentence.startswith("f0.patients.v1: ")


def test_topics_and_groups_may_come_but_not_go() -> None:
    full = load()
    fewer = full.model_copy(update={"topics": full.topics[:-1]})
    assert catalogue_changes(full, fewer) == [f"{full.topics[-1].name}: the topic is gone"]
    assert catalogue_changes(fewer, full) == []
    no_readers = without(full, "permit.scans.v1", subscribers=())
    gone = "".join(catalogue_changes(full, no_readers))
    assert "quarantine.breaches: the group is gone" in gone
    assert "permit.watch: the group is gone" in gone
