"""What a manifest points at: selectors, scaled Deployments, topics, routes, network policies."""

from collections.abc import Iterator, Sequence
from typing import Any

from deploy.k8s.checks.schema import title

Manifest = dict[str, Any]


def faults(manifests: Sequence[Manifest]) -> Iterator[str]:
    """Yield references that lead nowhere, and what two controllers would fight over."""
    every = Everything(manifests)
    for manifest in manifests:
        check = _CHECKS.get(str(manifest.get("kind")))
        if check is not None:
            yield from (f"{title(manifest)}: {fault}" for fault in check(manifest, every))
    if not any(_denies_all(manifest) for manifest in manifests):
        yield "no NetworkPolicy refuses what is not allowed"


class Everything:
    """The manifests of one overlay, by kind and name."""

    def __init__(self, manifests: Sequence[Manifest]) -> None:
        self._by_kind: dict[str, dict[str, Manifest]] = {}
        for manifest in manifests:
            self._by_kind.setdefault(str(manifest.get("kind")), {})[manifest["metadata"]["name"]] = manifest

    def of(self, kind: str) -> dict[str, Manifest]:
        """Return all of one kind by name."""
        return self._by_kind.get(kind, {})

    def pods_with(self, selector: dict[str, str]) -> list[str]:
        """Return the names of Deployments whose pods have all these labels."""
        return [
            name
            for name, each in self.of("Deployment").items()
            if selector.items() <= each["spec"]["template"]["metadata"]["labels"].items()
        ]


def _deployment(manifest: Manifest, every: Everything) -> Iterator[str]:
    spec = manifest["spec"]
    given = spec["template"]["metadata"].get("labels", {})
    if not spec["selector"]["matchLabels"].items() <= given.items():
        yield "its selector does not select its own pods"
    account = spec["template"]["spec"].get("serviceAccountName", "default")
    if account not in every.of("ServiceAccount"):
        yield f"there is no ServiceAccount {account}"
    for container in spec["template"]["spec"]["containers"]:
        for source in container.get("envFrom", []):
            name = (source.get("configMapRef") or {}).get("name")
            if name and name not in every.of("ConfigMap"):
                yield f"there is no ConfigMap {name}"


def _service(manifest: Manifest, every: Everything) -> Iterator[str]:
    selected = every.pods_with(manifest["spec"].get("selector", {}))
    if not selected:
        yield "selects no pod"
    for port in manifest["spec"].get("ports", []):
        target = port.get("targetPort")
        for name in selected:
            containers = every.of("Deployment")[name]["spec"]["template"]["spec"]["containers"]
            if isinstance(target, str) and target not in {
                p.get("name") for c in containers for p in c.get("ports", [])
            }:
                yield f"{name} has no port {target}"


def _budget(manifest: Manifest, every: Everything) -> Iterator[str]:
    if not every.pods_with(manifest["spec"]["selector"]["matchLabels"]):
        yield "selects no pod"


def _autoscaler(manifest: Manifest, every: Everything) -> Iterator[str]:
    target = manifest["spec"]["scaleTargetRef"]["name"]
    if target not in every.of("Deployment"):
        yield f"there is no Deployment {target}"
    elif "replicas" in every.of("Deployment")[target]["spec"]:
        yield f"{target} says its own number of replicas, too"


def _scaled_object(manifest: Manifest, every: Everything) -> Iterator[str]:
    yield from _autoscaler(manifest, every)
    spec = manifest["spec"]
    if spec["scaleTargetRef"]["name"] in {
        h["spec"]["scaleTargetRef"]["name"] for h in every.of("HorizontalPodAutoscaler").values()
    }:
        yield "an HPA scales the same Deployment"
    topics = every.of("KafkaTopic")
    known = [topics[t["metadata"]["topic"]] for t in spec["triggers"] if t["metadata"]["topic"] in topics]
    for trigger in spec["triggers"]:
        told = trigger["metadata"]
        if not all(isinstance(value, str) for value in told.values()):
            yield "KEDA takes text only"
        if topics and told["topic"] not in topics:
            yield f"there is no topic {told['topic']}"
        if (trigger.get("authenticationRef") or {}).get("name") not in every.of("TriggerAuthentication"):
            yield "its access to Kafka is not there"
    if known and spec["maxReplicaCount"] > max(topic["spec"]["partitions"] for topic in known):
        yield "more workers than partitions: some would have nothing to read"


def _user(manifest: Manifest, every: Everything) -> Iterator[str]:
    topics = every.of("KafkaTopic")
    for rule in manifest["spec"]["authorization"]["acls"]:
        resource = rule["resource"]
        if resource["patternType"] != "literal" or resource["name"] == "*" or "All" in rule["operations"]:
            yield f"a rule wider than one resource: {resource['name']}"
        if resource["type"] == "topic" and topics and resource["name"] not in topics:
            yield f"may use {resource['name']}, which is in no catalogue"


def _topic(manifest: Manifest, _every: Everything) -> Iterator[str]:
    spec = manifest["spec"]
    least = int(spec["config"].get("min.insync.replicas", 1))
    if spec.get("replicas", 1) > 1 and not 1 < least < spec["replicas"]:
        yield f"min.insync.replicas {least} of {spec['replicas']}"


def _route(manifest: Manifest, every: Everything) -> Iterator[str]:
    for rule in manifest["spec"]["rules"]:
        for backend in rule.get("backendRefs", []):
            service = every.of("Service").get(backend["name"])
            if service is None or backend["port"] not in {port["port"] for port in service["spec"]["ports"]}:
                yield f"leads to {backend['name']}:{backend['port']}, which is not there"
    for parent in manifest["spec"]["parentRefs"]:
        if parent["name"] not in every.of("Gateway"):
            yield f"there is no Gateway {parent['name']}"


def _rules(manifest: Manifest, _every: Everything) -> Iterator[str]:
    for rule in (rule for group in manifest["spec"]["groups"] for rule in group["rules"] if "alert" in rule):
        if not rule.get("annotations", {}).get("runbook_url") or not rule.get("labels", {}).get("severity"):
            yield f"{rule['alert']} has no runbook or no severity"


def _denies_all(manifest: Manifest) -> bool:
    spec = manifest.get("spec") or {}
    return (
        manifest.get("kind") == "NetworkPolicy"
        and spec.get("podSelector") == {}
        and set(spec.get("policyTypes", ())) == {"Ingress", "Egress"}
        and not spec.get("ingress")
        and not spec.get("egress")
    )


_CHECKS = {
    "Deployment": _deployment,
    "Service": _service,
    "PodDisruptionBudget": _budget,
    "HorizontalPodAutoscaler": _autoscaler,
    "ScaledObject": _scaled_object,
    "KafkaUser": _user,
    "KafkaTopic": _topic,
    "HTTPRoute": _route,
    "PrometheusRule": _rules,
}
