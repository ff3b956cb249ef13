"""The folder `schemas/` is what the code says, and its check fails when it is not."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from common.contracts.registry import PAYLOADS
from common.messaging.catalogue import schemas_folder
from common.schemas import samples
from common.schemas.__main__ import main
from common.schemas.folder import Folder, read_schemas

ROOT = schemas_folder()
NAME = "permit.permit-issued.v1"
NO_PSEUDONYMS = {"source_id"}
"""Names of topics, apps and communes."""
every_type = pytest.mark.parametrize("name", sorted(PAYLOADS))


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "schemas"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns("released"))
    monkeypatch.setenv("LACHAN_SCHEMAS", str(folder))
    return folder


def edit(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@every_type
def test_the_schema_of_a_fact_is_valid_and_accepts_its_sample(name: str) -> None:
    schema = read_schemas(ROOT / "events")[name]
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(samples.read_samples(ROOT / "samples")[name]["data"])


@every_type
def test_a_sample_survives_the_way_through_the_model(name: str) -> None:
    sample = samples.read_samples(ROOT / "samples")[name]
    event = samples.decoded(name, sample)
    assert json.loads(event.data.model_dump_json()) == sample["data"]


@every_type
def test_a_sample_is_plainly_synthetic(name: str) -> None:
    sample = samples.read_samples(ROOT / "samples")[name]
    for field, value in sample["data"].items():
        if field.endswith("_id") and field not in NO_PSEUDONYMS and value is not None:
            assert value.startswith("sample-")


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [ref for value in part.values() for ref in references(value)]
    return [ref for value in part for ref in references(value)] if isinstance(part, list) else []


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = yaml.safe_load((ROOT / "asyncapi" / "asyncapi.yaml").read_text())
    assert document["asyncapi"] == "3.0.0"
    for reference in references(document):
        part = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]


def test_the_asyncapi_document_tells_every_fact_with_its_headers_key_and_example() -> None:
    messages = yaml.safe_load((ROOT / "asyncapi" / "asyncapi.yaml").read_text())["components"]["messages"]
    assert sorted(messages) == sorted(PAYLOADS)
    for message in messages.values():
        assert message["headers"]
        assert message["bindings"]["kafka"]["key"]
        assert message["examples"]


def test_the_check_passes_on_a_fresh_folder_and_write_is_stable(copy: Path) -> None:
    assert main(["write"]) == 0
    assert main(["check"]) == 0
    assert Folder(copy).write() == []


def test_the_check_fails_when_a_generated_file_was_edited(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["write"])
    edit(copy / "events" / f"{NAME}.schema.json", title="Edited")
    assert main(["check"]) == 1
    assert "out of date" in capsys.readouterr().err


def test_a_schema_without_a_fact_is_removed(copy: Path) -> None:
    (copy / "events" / "permit.permit-lost.v1.schema.json").write_text("{}")
    assert main(["check"]) == 1
    main(["write"])
    assert main(["check"]) == 0


def test_the_check_refuses_what_breaks_the_released_promise(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["release"]) == 0
    promised = copy / "released" / f"{NAME}.schema.json"
    schema = json.loads(promised.read_text())
    schema["properties"]["plate_class"] = {"type": "string"}
    promised.write_text(json.dumps(schema))
    assert main(["check"]) == 1
    assert "plate_class was removed or renamed" in capsys.readouterr().err
    assert main(["release"]) == 1


def test_the_check_refuses_a_released_topic_that_lost_its_partitions(copy: Path) -> None:
    main(["release"])
    promised = copy / "released" / "topics.yaml"
    promised.write_text(promised.read_text().replace("partitions: 6", "partitions: 12"))
    assert main(["check"]) == 1


def test_the_check_compares_with_a_git_revision_when_asked(copy: Path) -> None:
    main(["write"])
    edit(copy / "events" / f"{NAME}.schema.json", required=[])
    commit = "git init -q . && git add -A && git -c user.name=t -c user.email=t@t commit -q -m t"
    subprocess.run(commit, shell=True, check=True, cwd=copy)
    main(["write"])
    assert main(["check"]) == 0
    assert main(["check", "--against", "HEAD"]) == 1


@pytest.mark.parametrize("damage", ["missing", "superfluous", "unreadable", "unknown field"])
def test_a_bad_sample_is_refused(copy: Path, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    sample = copy / "samples" / f"{NAME}.json"
    match damage:
        case "missing":
            sample.unlink()
        case "superfluous":
            shutil.copy(sample, copy / "samples" / "permit.permit-lost.v1.json")
        case "unreadable":
            edit(sample, subject="sample-permit-0008")
        case _:
            edit(sample, data=json.loads(sample.read_text())["data"] | {"colour": "red"})
    assert main(["check"]) == 1
    assert "permit.permit-" in capsys.readouterr().err
