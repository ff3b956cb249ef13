"""Who may talk to whom: everything is refused, then each line that is needed is allowed by name."""

from collections.abc import Iterator
from typing import Final

from deploy.k8s.manifest import Manifest, labels, metadata
from deploy.k8s.services import Service
from deploy.k8s.workloads import PORT

ROLE: Final = "la-chan.vn/role"
"""Label of foreign namespaces: gateway, monitoring, identity, scaling. An operator sets it."""
MONGO: Final = {"app": "la-chan-mongo-svc"}
KAFKA: Final = {"strimzi.io/cluster": "la-chan", "strimzi.io/kind": "Kafka"}
PHONES: Final = "quarantine"


def default_deny() -> Iterator[Manifest]:
    """Yield the policies of the whole namespace: nothing in, nothing out, names may be looked up."""
    yield policy("default-deny", {}, ingress=[], egress=[])
    dns = [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]
    system = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}
    resolver = {**system, "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}
    yield policy("names", {}, egress=[{"to": [resolver], "ports": dns}])


def policies(service: Service) -> Iterator[Manifest]:
    """Yield the policy of each half of *service*."""
    watched = _from("monitoring", PORT)
    store = _to_pods(MONGO, 27017)
    # Pages and tokens: the keys of the issuer. Traces, where a collector is deployed.
    issuer, traces = _to_role("identity", 80, 443, 8080, 8443), _to_role("monitoring", 4318)
    kafka = _to_pods(KAFKA, 9093)
    mail = [_anywhere(25, 465, 587)] if service.sends_mail else []
    texts = [_anywhere(80, 443)] if service.sends_texts else []
    # Enrolled phones: quarantine issues their tokens, the others fetch the key that these are signed with.
    keys = [] if service.name == PHONES else [_to_pods(labels(PHONES, "api"), PORT)]
    askers = [_from_pods({"app.kubernetes.io/component": "api"}, PORT)] if service.name == PHONES else []
    api = [store, issuer, traces, *keys, *([kafka] if service.api_reads_kafka else [])]
    # Somebody who tries their channels waits for the answer: the page sends too.
    api += [*mail, *texts] if service.api_sends else []
    yield _of(service, "api", [_from("gateway", PORT), watched, *askers], api)
    yield _of(service, "worker", [watched], [store, kafka, traces, *mail, *texts])


def policy(
    name: str,
    pods: dict[str, str],
    *,
    ingress: list[Manifest] | None = None,
    egress: list[Manifest] | None = None,
) -> Manifest:
    """Return the policy *name* of the pods with these labels; a direction of None is not its business."""
    given = {"ingress": ingress, "egress": egress}
    rules = {way: allowed for way, allowed in given.items() if allowed is not None}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(name, "network"),
        "spec": {
            "podSelector": {"matchLabels": pods} if pods else {},
            "policyTypes": [way.capitalize() for way in rules],
            **{way: allowed for way, allowed in rules.items() if allowed},
        },
    }


def _of(service: Service, half: str, ingress: list[Manifest], egress: list[Manifest]) -> Manifest:
    return policy(f"{service.name}-{half}", labels(service.name, half), ingress=ingress, egress=egress)


def _from(role: str, port: int) -> Manifest:
    return {"from": [_role(role)], "ports": _ports(port)}


def _from_pods(pods: dict[str, str], port: int) -> Manifest:
    return {"from": [{"podSelector": {"matchLabels": pods}}], "ports": _ports(port)}


def _to_role(role: str, *ports: int) -> Manifest:
    return {"to": [_role(role)], "ports": _ports(*ports)}


def _to_pods(pods: dict[str, str], port: int) -> Manifest:
    return {"to": [{"podSelector": {"matchLabels": pods}}], "ports": _ports(port)}


def _anywhere(*ports: int) -> Manifest:
    return {"ports": _ports(*ports)}


def _role(role: str) -> Manifest:
    return {"namespaceSelector": {"matchLabels": {ROLE: role}}}


def _ports(*ports: int) -> list[Manifest]:
    return [{"protocol": "TCP", "port": port} for port in ports]
