"""Deployments, Services, accounts and disruption budgets: the api and the worker of one service."""

from collections.abc import Iterator
from typing import Any, Final

from deploy.k8s.manifest import Manifest, labels, metadata
from deploy.k8s.services import Service, Size

PORT: Final = 8000
USER: Final = 10001
API_DRAIN_SECONDS: Final = 5
"""Sleep before SIGTERM: until then routers may still send requests here."""
GRACE_SECONDS: Final = {"api": 45, "worker": 60}
"""Longer than a stop takes: open requests; the batch in hand (at most 20 s), its commit, the relay."""


def workloads(service: Service) -> Iterator[Manifest]:
    """Yield everything that runs *service*."""
    yield {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata(service.name, "service"),
        "automountServiceAccountToken": False,
    }
    for half, size in (("api", service.api), ("worker", service.worker)):
        yield _deployment(service, half, size)
        yield _service(service, half)
        yield _budget(service, half)


def _deployment(service: Service, half: str, size: Size) -> Manifest:
    selector = labels(service.name, half)
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(f"{service.name}-{half}", half, of=service.name),
        "spec": {
            "selector": {"matchLabels": selector},
            "minReadySeconds": 5,
            "revisionHistoryLimit": 5,
            "strategy": {"type": "RollingUpdate", "rollingUpdate": _ROLLING[half]},
            "template": {
                "metadata": {"labels": {**selector, "app.kubernetes.io/part-of": "la-chan"}},
                "spec": _pod(service, half, size, selector),
            },
        },
    }


# A worker that comes and one that goes each cost the group a pause: never both at once, and no extra one.
_ROLLING: Final = {
    "api": {"maxSurge": 1, "maxUnavailable": 0},
    "worker": {"maxSurge": 0, "maxUnavailable": 1},
}


def _pod(service: Service, half: str, size: Size, selector: dict[str, str]) -> Manifest:
    return {
        "serviceAccountName": service.name,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": GRACE_SECONDS[half],
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "topologySpreadConstraints": [_spread(selector)],
        "containers": [_container(service, half, size)],
        "volumes": [
            {"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}},
            {"name": "ca", "secret": {"secretName": "la-chan-ca", "items": [_ONLY_CA]}},
            *([_KAFKA_CA] if _uses_kafka(service, half) else []),
        ],
    }


_ONLY_CA: Final = {"key": "ca.crt", "path": "ca.crt"}
_KAFKA_CA: Final = {
    "name": "kafka-ca",
    "secret": {"secretName": "la-chan-cluster-ca-cert", "items": [_ONLY_CA]},
}


def _spread(selector: dict[str, str]) -> Manifest:
    return {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": selector},
        "matchLabelKeys": ["pod-template-hash"],
    }


def _container(service: Service, half: str, size: Size) -> Manifest:
    container = {
        "name": service.name,
        "image": f"la-chan/{service.name}",
        "imagePullPolicy": "IfNotPresent",
        "args": [half],
        "ports": [{"name": "http", "containerPort": PORT}],
        "envFrom": [
            {"configMapRef": {"name": "la-chan-settings"}},
            {"secretRef": {"name": "la-chan-keys"}},
            {"secretRef": {"name": f"{service.name}-keys"}},
        ],
        "env": _environment(service, half),
        "resources": {
            "requests": {"cpu": size.cpu, "memory": size.memory},
            "limits": {"cpu": size.cpu_most, "memory": size.memory_most},
        },
        **_probes(),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108  the container's own, not the machine's
            {"name": "ca", "mountPath": "/etc/la-chan/ca", "readOnly": True},
        ],
    }
    if _uses_kafka(service, half):
        container["volumeMounts"].append(
            {"name": "kafka-ca", "mountPath": "/etc/la-chan/kafka", "readOnly": True}
        )
    if half == "api":
        container["lifecycle"] = {"preStop": {"sleep": {"seconds": API_DRAIN_SECONDS}}}
    return container


def _uses_kafka(service: Service, half: str) -> bool:
    return half == "worker" or service.api_reads_kafka


def _environment(service: Service, half: str) -> list[Manifest]:
    uri = {"name": f"{service.name}-mongo", "key": "connectionString.standard"}
    # Python's TLS, and with it the MongoDB driver and the fetching of signing keys, reads SSL_CERT_FILE.
    found: list[Manifest] = [
        {"name": "LACHAN_MONGO_URI", "valueFrom": {"secretKeyRef": uri}},
        {"name": "SSL_CERT_FILE", "value": "/etc/la-chan/ca/ca.crt"},
        {"name": "LACHAN_WORKER_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
    ]
    if _uses_kafka(service, half):
        password = {"name": service.name, "key": "password"}
        found += [
            {"name": "LACHAN_KAFKA_USERNAME", "value": service.name},
            {"name": "LACHAN_KAFKA_PASSWORD", "valueFrom": {"secretKeyRef": password}},
            {"name": "LACHAN_KAFKA_CA_FILE", "value": "/etc/la-chan/kafka/ca.crt"},
        ]
    return found


def _probes() -> dict[str, Any]:
    """
    Liveness asks nobody else: restarting a service does not mend a database.

    Readiness waits longer (20 s) than an election of MongoDB takes (11 s measured), so that one does not
    take every api out at once.
    """

    def get(path: str, **times: int) -> Manifest:
        return {"httpGet": {"path": path, "port": "http"}, **times}

    return {
        "startupProbe": get("/healthz", periodSeconds=2, timeoutSeconds=2, failureThreshold=45),
        "livenessProbe": get("/healthz", periodSeconds=10, timeoutSeconds=5, failureThreshold=3),
        "readinessProbe": get("/readyz", periodSeconds=5, timeoutSeconds=4, failureThreshold=4),
    }


def _service(service: Service, half: str) -> Manifest:
    spec: Manifest = {
        "selector": labels(service.name, half),
        "ports": [{"name": "http", "port": 80 if half == "api" else PORT, "targetPort": "http"}],
    }
    if half == "worker":  # nobody calls a worker; Prometheus finds each pod through it
        spec = {"clusterIP": "None", **spec}
    name = service.name if half == "api" else f"{service.name}-worker"
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(name, half, of=service.name),
        "spec": spec,
    }


def _budget(service: Service, half: str) -> Manifest:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata(f"{service.name}-{half}", half, of=service.name),
        "spec": {
            "maxUnavailable": 1,
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
            "selector": {"matchLabels": labels(service.name, half)},
        },
    }
