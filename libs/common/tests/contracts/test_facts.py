"""What holds for every fact on the bus."""

import re

import pytest

from common.contracts.base import Payload
from common.contracts.registry import OWNERS, PAYLOADS, owner_of
from common.messaging.catalogue import load

GRAMMAR = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*\.v[1-9][0-9]*$")
PERSONAL = re.compile(
    r"(^|_)(name|full_name|first|last_name|phone|mobile|cccd|cmnd|passport|address|street|house|email|mail|"
    r"birth|born|ethnicity|photo|face|plate|latitude|longitude|position|note|notes|comment|text)(_|$)"
)
NOT_OF_A_PERSON = {"checkpoint_name", "facility_name", "facility_phone"}
KINDS = sorted(PAYLOADS.values(), key=lambda kind: kind.type)
every_fact = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type)


def field_names(schema: object) -> set[str]:
    if isinstance(schema, dict):
        own = set(schema.get("properties", {}))
        return own.union(*(field_names(part) for part in schema.values()))
    if isinstance(schema, list):
        return set().union(*(field_names(part) for part in schema))
    return set()


def kebab(words: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", words).lower()


@every_fact
def test_a_fact_is_called_service_dot_fact_dot_major_version(kind: type[Payload]) -> None:
    assert GRAMMAR.match(kind.type)
    assert owner_of(kind.type) in OWNERS
    owner = OWNERS[owner_of(kind.type)].__name__
    assert kind.__module__ == owner or kind.__module__.startswith(f"{owner}.")
    assert kind.type.split(".")[1] == kebab(kind.__name__)


@every_fact
def test_a_fact_says_nothing_that_identifies_a_person(kind: type[Payload]) -> None:
    names = field_names(kind.model_json_schema()) - NOT_OF_A_PERSON
    assert not {name for name in names if PERSONAL.search(name)}


@every_fact
def test_a_fact_about_a_person_says_where_the_person_is(kind: type[Payload]) -> None:
    if "person_id" in kind.model_fields:
        for name in ("commune_code", "district_code"):
            assert kind.model_fields[name].is_required()


@every_fact
def test_free_text_has_no_place_in_a_fact(kind: type[Payload]) -> None:
    allowed = {"checkpoint_name", "document", "value", "threshold"}
    for schema in [kind.model_json_schema(), *kind.model_json_schema().get("$defs", {}).values()]:
        for name, field in schema.get("properties", {}).items():
            if field.get("type") == "string" and name not in allowed:
                assert "pattern" in field or "format" in field or "enum" in field, name


@every_fact
def test_instants_and_days_are_told_apart_by_their_names(kind: type[Payload]) -> None:
    for name, field in kind.model_json_schema()["properties"].items():
        formats = {part.get("format") for part in (field, *field.get("anyOf", []))}
        if "date-time" in formats:
            assert name in {"at", "as_of", "valid_from", "valid_until", "silent_since"} or name.endswith(
                "_at"
            )
        if "date" in formats:
            assert name.endswith("_on")


@every_fact
def test_a_fact_has_its_key_and_a_topic_of_the_catalogue(kind: type[Payload]) -> None:
    topic = load().topic(kind.topic)
    assert kind.key in kind.model_fields
    assert kind.key == topic.key
    assert kind.type in topic.types
    assert owner_of(kind.type) == topic.owner


def test_the_catalogue_names_no_fact_that_does_not_exist() -> None:
    listed = [fact for topic in load().topics for fact in topic.types]
    assert sorted(listed) == sorted(PAYLOADS)


def test_every_group_belongs_to_a_service_and_has_dead_letters_and_retries() -> None:
    catalogue = load()
    queues = {queue.name for queue in catalogue.queues}
    for group in catalogue.groups:
        assert owner_of(group) in OWNERS
        assert {f"{group}.dlq", f"{group}.retry"} <= queues
