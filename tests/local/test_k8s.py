"""The Kubernetes manifests: rendered, valid, and checks that find what is wrong. No cluster and no network."""

import copy
import json
import os
import re
import shutil
from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest
import yaml

from common.contracts.registry import PAYLOADS
from common.messaging.catalogue import load
from deploy.k8s import alerts, dashboards, files, gateway, kafka, mongo, promtool
from deploy.k8s.checks import policy, schema
from deploy.k8s.kustomize import OVERLAYS, NoKustomize, rendered
from deploy.k8s.services import SERVICES
from deploy.local.checkout import ROOT
from deploy.local.settings_names import names

CATALOGUE = load()
RUNBOOKS = ROOT / "docs/operations/runbooks"
Manifests = list[dict[str, Any]]


@pytest.fixture(scope="module")
def prod() -> Manifests:
    return render("prod")


def render(overlay: str) -> Manifests:
    try:
        return rendered(overlay)
    except NoKustomize as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


def faults(manifests: Manifests) -> list[str]:
    return [*schema.faults(manifests), *policy.faults(manifests)]


def one(manifests: Manifests, kind: str, name: str) -> dict[str, Any]:
    [found] = [m for m in manifests if m["kind"] == kind and m["metadata"]["name"] == name]
    return found


def test_committed_manifests_are_what_the_generator_writes():
    assert files.differing() == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_is_valid(overlay: str):
    assert faults(render(overlay)) == []


def test_every_service_runs_twice_and_scales(prod: Manifests):
    for service in SERVICES:
        api = one(prod, "Deployment", f"{service.name}-api")
        worker = one(prod, "Deployment", f"{service.name}-worker")
        assert one(prod, "HorizontalPodAutoscaler", f"{service.name}-api")
        triggers = one(prod, "ScaledObject", f"{service.name}-worker")["spec"]["triggers"]
        scaled = {(each["metadata"]["consumerGroup"], each["metadata"]["topic"]) for each in triggers}
        assert scaled == {(group, topic.name) for group, topic in service.reads(CATALOGUE)}
        assert worker["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] >= 60
        assert "preStop" in api["spec"]["template"]["spec"]["containers"][0]["lifecycle"]


def test_production_has_three_of_what_must_not_be_lost(prod: Manifests):
    assert one(prod, "KafkaNodePool", "broker")["spec"]["replicas"] == 3
    assert one(prod, "KafkaNodePool", "controller")["spec"]["replicas"] == 3
    assert one(prod, "MongoDBCommunity", mongo.NAME)["spec"]["members"] == 3
    topics = [m for m in prod if m["kind"] == "KafkaTopic"]
    assert len(topics) == len(CATALOGUE.topics) + len(CATALOGUE.queues)
    for topic in topics:
        assert (topic["spec"]["replicas"], topic["spec"]["config"]["min.insync.replicas"]) == (3, "2")


def test_only_its_owner_writes_a_topic_and_only_its_subscribers_read_it():
    rights = {service.name: kafka.rights_of(service, CATALOGUE).acls() for service in SERVICES}

    def who(may: str, topic: str) -> set[str]:
        return {
            name
            for name, acls in rights.items()
            for rule in acls
            if rule["resource"] == {"type": "topic", "name": topic, "patternType": "literal"}
            and may in rule["operations"]
        }

    for topic in CATALOGUE.topics:
        assert who("Write", topic.name) == {topic.owner}
        assert who("Read", topic.name) == {group.partition(".")[0] for group in topic.subscribers}
    for queue in CATALOGUE.queues:
        assert who("Write", queue.name) | who("Read", queue.name) == {queue.group.partition(".")[0]}


def test_every_fact_has_a_topic_that_somebody_may_write():
    assert {kind.topic for kind in PAYLOADS.values()} <= {topic.name for topic in CATALOGUE.topics}


def test_a_service_may_touch_its_own_database_only():
    for service in SERVICES:
        for role in mongo.roles(service):
            assert role["db"] in (service.database, f"{service.database}_replay")
            assert role["name"] in ("readWrite", "dbAdmin")


def test_an_api_that_needs_no_kafka_has_neither_password_nor_line_to_it(prod: Manifests):
    container = one(prod, "Deployment", "permit-api")["spec"]["template"]["spec"]["containers"][0]
    ports = [
        p["port"]
        for rule in one(prod, "NetworkPolicy", "permit-api")["spec"]["egress"]
        for p in rule["ports"]
    ]

    assert not [each for each in container["env"] if each["name"].startswith("LACHAN_KAFKA")]
    assert 9093 not in ports
    assert 27017 in ports


def test_measurements_do_not_leave_through_the_gateway(prod: Manifests):
    for service in gateway.HOSTS:
        first, last = one(prod, "HTTPRoute", service)["spec"]["rules"]
        front = gateway.FRONTS.get(service, "")
        away = {match["path"]["value"] for match in first["matches"]}
        assert away == {*gateway.INSIDE, *(["/"] if front else [])}
        assert first["filters"][0]["requestRedirect"]["path"]["replaceFullPath"] == (front or "/")
        assert "backendRefs" not in first
        assert last["backendRefs"] == [{"name": service, "port": 80}]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_settings_of_an_overlay_are_settings(overlay: str):
    lines = (ROOT / f"deploy/k8s/overlays/{overlay}/services/settings.env").read_text("utf-8").splitlines()
    given = {line.partition("=")[0] for line in lines} - {"TURN_EXTERNAL_IP"}

    assert given <= {name for service in SERVICES for name in names(service.database)}


# --- a deliberately wrong manifest fails

Change = Callable[[Manifests], Any]


def _container(m: Manifests, name: str = "permit-api") -> dict[str, Any]:
    return one(m, "Deployment", name)["spec"]["template"]["spec"]["containers"][0]


def _pod(m: Manifests, name: str = "permit-api") -> dict[str, Any]:
    return one(m, "Deployment", name)["spec"]["template"]["spec"]


WRONG: dict[str, Change] = {
    "latest tag": lambda m: _container(m).update(image="la-chan/permit:latest"),
    "no tag": lambda m: _container(m).update(image="registry:5000/la-chan/permit"),
    "pulls always": lambda m: _container(m).update(imagePullPolicy="Sometimes"),
    "root": lambda m: _pod(m)["securityContext"].update(runAsUser=0),
    "may be root": lambda m: _pod(m)["securityContext"].pop("runAsNonRoot"),
    "root in the container": lambda m: _container(m)["securityContext"].update(runAsUser=0),
    "no seccomp": lambda m: _pod(m)["securityContext"].pop("seccompProfile"),
    "gains privileges": lambda m: _container(m)["securityContext"].update(allowPrivilegeEscalation=True),
    "writable root": lambda m: _container(m)["securityContext"].pop("readOnlyRootFilesystem"),
    "capabilities": lambda m: _container(m)["securityContext"].update(
        capabilities={"drop": ["ALL"], "add": ["NET_RAW"]}
    ),
    "host network": lambda m: _pod(m).update(hostNetwork=True),
    "cluster token": lambda m: _pod(m).update(automountServiceAccountToken=True),
    "no limits": lambda m: _container(m)["resources"].pop("limits"),
    "not a quantity": lambda m: _container(m)["resources"]["limits"].update(memory="256MB"),
    "password in the environment": lambda m: _container(m)["env"].append(
        {"name": "SMTP_PASSWORD", "value": "hunter2"}
    ),
    "password in an address": lambda m: _container(m)["env"].append(
        {"name": "LACHAN_MONGO_URI", "value": "mongodb://permit:hunter2@mongo/permit"}
    ),
    "secret with content": lambda m: m.append(
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "stringData": {"a": "b"}}
    ),
    "secret in settings": lambda m: next(
        each
        for each in m
        if each["kind"] == "ConfigMap" and each["metadata"]["name"].startswith("la-chan-settings")
    )["data"].update(LACHAN_PERSON_KEY="c2VjcmV0"),
    "number in the environment": lambda m: _container(m)["env"].append({"name": "A", "value": 8}),
    "unknown field": lambda m: _pod(m).update(restartpolicy="Always"),
    "wrong type": lambda m: one(m, "PodDisruptionBudget", "permit-api")["spec"].update(maxUnavailable=[1]),
    "probe without a port": lambda m: _container(m)["livenessProbe"]["httpGet"].update(port="metrics"),
    "selector misses its pods": lambda m: one(m, "Deployment", "permit-api")["spec"]["template"][
        "metadata"
    ].update(labels={"a": "b"}),
    "service selects nothing": lambda m: one(m, "Service", "permit")["spec"]["selector"].update(a="b"),
    "budget selects nothing": lambda m: one(m, "PodDisruptionBudget", "permit-api")["spec"]["selector"][
        "matchLabels"
    ].update(a="b"),
    "volume that is not there": lambda m: _pod(m)["volumes"].pop(0),
    "account that is not there": lambda m: _pod(m).update(serviceAccountName="nobody"),
    "two scalers": lambda m: one(m, "HorizontalPodAutoscaler", "permit-api")["spec"]["scaleTargetRef"].update(
        name="permit-worker"
    ),
    "replicas beside a scaler": lambda m: one(m, "Deployment", "permit-worker")["spec"].update(replicas=3),
    "lag of an unknown topic": lambda m: one(m, "ScaledObject", "permit-worker")["spec"]["triggers"][0][
        "metadata"
    ].update(topic="permit.permit.v1"),
    "more workers than partitions": lambda m: one(m, "ScaledObject", "permit-worker")["spec"].update(
        maxReplicaCount=40
    ),
    "a number for KEDA": lambda m: one(m, "ScaledObject", "permit-worker")["spec"]["triggers"][0][
        "metadata"
    ].update(lagThreshold=50),
    "rights on everything": lambda m: one(m, "KafkaUser", "permit")["spec"]["authorization"]["acls"][0][
        "resource"
    ].update(name="*"),
    "rights on an unknown topic": lambda m: [
        rule["resource"].update(name="permit.secrets.v1")
        for rule in one(m, "KafkaUser", "permit")["spec"]["authorization"]["acls"]
        if rule["resource"]["type"] == "topic"
    ],
    "operation of the old API": lambda m: one(m, "KafkaUser", "permit")["spec"]["authorization"]["acls"][
        0
    ].update(operation="Read"),
    "acknowledged by one": lambda m: one(m, "KafkaTopic", "permit.permits.v1")["spec"]["config"].update(
        {"min.insync.replicas": "1"}
    ),
    "old API of Strimzi": lambda m: one(m, "Kafka", "la-chan").update(apiVersion="kafka.strimzi.io/v1beta2"),
    "route to nowhere": lambda m: one(m, "HTTPRoute", "permit")["spec"]["rules"][1]["backendRefs"][0].update(
        port=8000
    ),
    "alert without a runbook": lambda m: one(m, "PrometheusRule", "la-chan")["spec"]["groups"][1]["rules"][0][
        "annotations"
    ].pop("runbook_url"),
    "network open": lambda m: one(m, "NetworkPolicy", "default-deny")["spec"].update(ingress=[{}]),
    "twice the same": lambda m: m.append(copy.deepcopy(one(m, "Service", "permit"))),
    "no schema": lambda m: m.append(
        {"apiVersion": "example.org/v1", "kind": "Thing", "metadata": {"name": "x"}}
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_manifest_is_found(mistake: str, prod: Manifests):
    changed = json.loads(json.dumps(prod))
    WRONG[mistake](changed)

    assert next(chain(policy.faults(changed), schema.faults(changed)), None)


# --- alerts and dashboards


def test_every_alert_has_its_runbook_and_every_runbook_its_alert():
    names = {alert.name for alert in alerts.ALERTS}
    written = {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"}

    assert written == names
    for name in names:
        text = (RUNBOOKS / f"{name}.md").read_text("utf-8")
        assert all(f"## {part}" in text for part in ("Meaning", "Impact", "Diagnosis", "Mitigation")), name


def test_alerts_ring_when_they_should_and_not_before():
    if not shutil.which("promtool") and not os.environ.get("CI"):
        pytest.skip("promtool is not installed (Debian: apt install prometheus)")

    assert promtool.faults() == []


def test_every_alert_has_a_story_in_which_it_rings():
    stories = yaml.safe_load(promtool.TESTS.read_text("utf-8"))["tests"]
    rings = {
        rule["alertname"] for story in stories for rule in story["alert_rule_test"] if rule["exp_alerts"]
    }

    assert rings == {alert.name for alert in alerts.ALERTS}


def test_alerts_and_dashboards_look_at_measurements_that_exist():
    source = (ROOT / "libs/common/src/common/metrics.py").read_text("utf-8")
    known = {f"lachan_{name}" for name in re.findall(r'_(?:counter|gauge|histogram)\(\s*"(\w+)"', source)}
    asked = [alert.expression for alert in alerts.ALERTS] + list(alerts.RECORDED.values())
    asked += [
        query
        for _, panels in dashboards.DASHBOARDS.values()
        for panel in panels
        for _, query in panel.queries
    ]
    used = {re.sub(r"_bucket$", "", name) for text in asked for name in re.findall(r"\blachan_\w+", text)}

    assert used
    assert used <= known
    recorded = {name for text in asked for name in re.findall(r"lachan:[\w:]+", text)}
    assert recorded <= alerts.RECORDED.keys()


@pytest.mark.parametrize("name", dashboards.DASHBOARDS)
def test_a_dashboard_says_what_it_shows(name: str):
    made = json.loads(dashboards.text(name))

    assert made["editable"] is False
    assert len({panel["id"] for panel in made["panels"]}) == len(made["panels"])
    for panel in made["panels"]:
        assert panel["title"]
        assert panel["description"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert panel["datasource"]["uid"] == "${datasource}"
        assert not any(re.search(r"\[\d+[sm]\]", target["expr"]) for target in panel["targets"])
