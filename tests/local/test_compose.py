"""deploy/compose.yaml and the Dockerfile agree with the services' settings and with the local stack."""

import json
import os
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from common.http.auth import ROLES
from common.settings import ServiceSettings
from deploy.local import compose
from deploy.local.checkout import ROOT
from deploy.local.other_brokers import IMAGE
from deploy.local.services import PACKAGES, folder_of

DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text("utf-8"))
SERVICES = DOCUMENT["services"]
OURS = [package.replace("_", "-") for package in PACKAGES]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compose")
    compose.write(folder)
    return folder


def values(folder: Path) -> dict[str, str]:
    lines = (folder / "environment").read_text("ascii").splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_every_service_of_the_province_is_there():
    assert set(OURS) <= SERVICES.keys()


def test_images_are_pinned():
    tags = {name: service["image"].rpartition(":")[2] for name, service in SERVICES.items()}

    assert not {name for name, tag in tags.items() if tag in ("", "latest") or "/" in tag}
    assert SERVICES["kafka"]["image"] == IMAGE


def test_what_is_waited_for_exists_and_can_be_healthy():
    for service in SERVICES.values():
        for needed, condition in service.get("depends_on", {}).items():
            assert needed in SERVICES
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[needed]


@pytest.mark.parametrize("package", PACKAGES)
def test_the_environment_is_enough_for_the_settings(
    package: str, written: Path, monkeypatch: pytest.MonkeyPatch
):
    if not (folder_of(package) / "settings.py").exists():
        pytest.skip("not written yet")
    given = values(written)
    environment = SERVICES[package.replace("_", "-")]["environment"]
    for name in [name for name in os.environ if name.startswith(("LACHAN_", package.upper()))]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, re.sub(r"\$\{(\w+)[^}]*\}", lambda found: given[found[1]], value))

    module = import_module(f"{package}.settings")
    kinds = [
        kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, ServiceSettings)
    ]
    settings = next(kind for kind in kinds if kind is not ServiceSettings)()

    prefix = package.upper() + "_"
    known = {
        f"{start}{name.upper()}" for name in type(settings).model_fields for start in (prefix, "LACHAN_")
    }
    assert environment.keys() <= known


def test_the_services_run_without_privileges():
    for name in OURS:
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert "USER 10001:10001" in (ROOT / "deploy/Dockerfile").read_text("utf-8")


def test_nothing_listens_beyond_this_machine():
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert all(port.startswith("127.0.0.1:") for port in published)


def test_the_image_gets_every_dependency_of_our_packages():
    lock = (ROOT / "deploy/requirements.lock").read_text("utf-8")
    locked = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    declared = set()
    for file in [ROOT / "libs/common/pyproject.toml", *ROOT.glob("services/*/pyproject.toml")]:
        text = file.read_text("utf-8")
        listed = re.search(r"dependencies = \[(.*?)\]", text, re.DOTALL)
        assert listed
        declared |= set(re.findall(r'"([a-z0-9-]+)', listed[1]))

    assert {name for name in declared if not name.startswith("lachan-")} <= locked


def test_the_realm_has_every_role_and_lets_the_pages_sign_in(written: Path):
    realm = json.loads((written / "realm-la-chan.json").read_text("utf-8"))

    assert {role["name"] for role in realm["roles"]["realm"]} == set(ROLES)
    assert "http://localhost:8104/*" in realm["clients"][0]["redirectUris"]
    assert all(len(user["id"]) <= 36 for user in realm["users"])
    assert any("person_id" in user["attributes"] for user in realm["users"])
