"""deploy/compose.yaml and the Dockerfile agree with the services' settings and with the local stack."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from common.http.auth import ROLES
from deploy.local import compose
from deploy.local.checkout import ROOT
from deploy.local.other_brokers import IMAGE
from deploy.local.services import PACKAGES
from deploy.local.settings_names import names, settings_class

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


def filled(text: str, given: dict[str, str]) -> str:
    return re.sub(r"\$\{(\w+)[^}]*\}", lambda found: given[found[1]], text)


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
    given = values(written)
    environment = SERVICES[package.replace("_", "-")]["environment"]
    for name in [name for name in os.environ if name.startswith(("LACHAN_", package.upper()))]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, filled(value, given))

    settings = settings_class(package)()

    assert environment.keys() <= names(package)
    assert settings.oidc_issuer == "https://dang-nhap.localhost:8443/realms/la-chan"


@pytest.mark.parametrize("package", PACKAGES)
def test_no_link_leads_to_a_laptop(package: str, written: Path):
    fields = settings_class(package).model_fields
    links = {
        f"{package.upper()}_{name.upper()}" for name, it in fields.items() if "127.0.0.1:" in str(it.default)
    }
    environment = SERVICES[package.replace("_", "-")]["environment"]
    addresses = {
        name: filled(environment[name], values(written)) for name in {*links, "LACHAN_CITIZEN_ORIGIN"}
    }
    doors = tuple(f"https://{host}.localhost:8443" for host in compose.HOSTS.values())

    assert {name: it for name, it in addresses.items() if not it.startswith(doors)} == {}
    assert addresses["LACHAN_CITIZEN_ORIGIN"] == f"https://{compose.HOSTS['quarantine']}.localhost:8443"


def test_the_realm_can_be_read_by_keycloaks_own_user(tmp_path: Path):
    before = os.umask(0o077)
    try:
        compose.write(tmp_path)
    finally:
        os.umask(before)

    assert (tmp_path / "realm-la-chan.json").stat().st_mode & 0o777 == 0o644


def test_mongodb_starts_again_in_the_same_container():
    """A file in /tmp that belongs to mongodb cannot be written over even by root (fs.protected_regular)."""
    command = SERVICES["mongo"]["entrypoint"][-1]

    assert command.index("rm -f /tmp/replica.key") < command.index("> /tmp/replica.key")


def test_the_services_run_without_privileges():
    for name in (*OURS, "accounts", "topics"):
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert "USER 10001:10001" in (ROOT / "deploy/Dockerfile").read_text("utf-8")


def test_each_service_signs_in_at_mongodb_as_itself():
    for package, name in zip(PACKAGES, OURS, strict=True):
        uri = SERVICES[name]["environment"]["LACHAN_MONGO_URI"]
        assert uri.startswith(f"mongodb://{name}:${{{package.upper()}_MONGO_PASSWORD")
        assert "MONGO_ROOT_PASSWORD" not in json.dumps(SERVICES[name])
    assert SERVICES["accounts"]["command"] == OURS
    assert "--keyFile" in SERVICES["mongo"]["entrypoint"][-1]


def test_nothing_listens_beyond_this_machine():
    published = {name: port for name, service in SERVICES.items() for port in service.get("ports", [])}

    assert published.keys() == {"proxy", "coturn"}
    assert all(port.startswith("${LACHAN_BIND:-127.0.0.1}:") for port in published.values())
    assert compose.NAMES["LACHAN_BIND"] == "127.0.0.1"


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
    assert "https://canh-bao.localhost:8443/*" in realm["clients"][0]["redirectUris"]
    assert all(len(user["id"]) <= 36 for user in realm["users"])
    assert any("person_id" in user["attributes"] for user in realm["users"])


def variables() -> set[str]:
    return set(re.findall(r"(?<!\$)\$\{(\w+)", (ROOT / "deploy/compose.yaml").read_text("utf-8")))


def test_every_variable_is_explained_and_given(written: Path):
    example = (ROOT / "deploy/compose/.env.example").read_text("utf-8")
    explained = set(re.findall(r"^([A-Z0-9_]+)=", example, re.MULTILINE))

    assert variables() | {"COMPOSE_PROFILES"} == explained == values(written).keys()
    for name, value in compose.NAMES.items():
        assert re.search(rf"^{name}={re.escape(value)}\s*(#|$)", example, re.MULTILINE), name


def test_what_an_operator_wrote_stays(tmp_path: Path):
    (tmp_path / "environment").write_text(
        "LACHAN_DOMAIN=la-chan.example\nLACHAN_PORT_SUFFIX=\nCOMPOSE_PROFILES=core,ops\n"
    )

    compose.write(tmp_path)
    first = values(tmp_path)
    compose.write(tmp_path)

    assert values(tmp_path) == first
    assert first["LACHAN_DOMAIN"] == "la-chan.example"
    assert (tmp_path / "environment").stat().st_mode & 0o077 == 0
    realm = json.loads((tmp_path / "realm-la-chan.json").read_text("utf-8"))
    assert "https://ioc.la-chan.example/*" in realm["clients"][0]["redirectUris"]
    assert realm["users"] == []  # sample accounts with a known password are for demonstrations


def test_passwords_fit_into_addresses_and_differ(written: Path):
    given = {name: value for name, value in values(written).items() if name not in compose.NAMES}
    passwords = {name: value for name, value in given.items() if "PASSWORD" in name or "SECRET" in name}

    assert all(re.fullmatch(r"[0-9a-f]{64}", value) for value in passwords.values())
    assert len(set(passwords.values())) == len(passwords)


def test_profiles_leave_nothing_that_is_waited_for_out():
    core = {name for name, service in SERVICES.items() if service["profiles"] == ["core"]}

    assert set(OURS) | {"mongo", "accounts", "kafka", "topics", "keycloak", "proxy", "coturn"} == core
    for name, service in SERVICES.items():
        assert len(service["profiles"]) == 1, name
        for needed in service.get("depends_on", {}):
            assert SERVICES[needed]["profiles"][0] in ("core", service["profiles"][0])


def test_what_keeps_running_tells_whether_it_is_well():
    image = (ROOT / "deploy/Dockerfile").read_text("utf-8")
    assert "HEALTHCHECK" in image
    silent = {"coturn", "accounts", "topics"}  # a relay of datagrams; two that end

    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} - set(
        OURS
    ) - silent == set()
    assert set(DOCUMENT["volumes"]) >= {"mongo", "kafka", "keycloak", "prometheus", "grafana"}


def test_the_door_leads_to_every_page_and_hides_measurements():
    text = (ROOT / "deploy/compose/Caddyfile").read_text("utf-8")
    doors = dict(
        re.findall(
            r"^([a-z0-9-]+)\.\{\$LACHAN_DOMAIN:localhost\} \{\n\timport (?:door|front) ([a-z0-9-]+):\d+(?: /[a-z-]+)?$",
            text,
            re.MULTILINE,
        )
    )

    assert {
        host: name for name, host in zip(OURS, compose.HOSTS.values(), strict=True)
    }.items() <= doors.items()
    fronts = {package.replace("_", "-"): page for package, page in compose.FRONTS.items()}
    assert dict(re.findall(r"import front ([a-z0-9-]+):\d+ (/[a-z-]+)", text)) == fronts
    assert doors["dang-nhap"] == "keycloak"
    assert set(doors.values()) <= SERVICES.keys()
    assert "@inside path /metrics /readyz /healthz" in text


def test_a_bill_of_materials_names_what_the_pages_load(tmp_path: Path):
    words = [sys.executable, str(ROOT / "deploy/sbom.py"), "permit", "--into", str(tmp_path)]
    subprocess.run([*words, "--pages", str(ROOT / "package-lock.json")], check=True, capture_output=True)

    bom = json.loads((tmp_path / "sbom.cdx.json").read_text("utf-8"))
    found = {part["purl"].partition("@")[0] for part in bom["components"]}
    licences = (tmp_path / "licences.txt").read_text("utf-8")

    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    assert {"pkg:pypi/fastapi", "pkg:pypi/motor", "pkg:npm/preact", "pkg:npm/zxing-wasm"} <= found
    assert len(found) > 50
    assert "npm   preact" in licences
    assert licences.count("not stated") <= 2
