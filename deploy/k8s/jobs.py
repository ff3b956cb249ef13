"""What runs at night: are the figures equal to the log, is the record of decisions unbroken."""

from collections.abc import Iterator
from typing import Any

from deploy.k8s.manifest import Manifest, labels, metadata
from deploy.k8s.network import KAFKA, MONGO, policy
from deploy.k8s.services import SERVICES, Service
from deploy.k8s.workloads import workloads

ZONE = "Asia/Ho_Chi_Minh"


def nightly() -> Iterator[Manifest]:
    """Yield the jobs of our own images, at hours when few declare."""
    by_name = {service.name: service for service in SERVICES}
    yield _job(
        by_name["ioc-aggregation"], "figures-equal-log", ["ioc_aggregation", "check"], "15 2 * * *", again=1
    )
    yield _job(by_name["permit"], "decisions-unbroken", ["permit.audit"], "45 2 * * *", again=0)
    for port, pods, name in ((27017, MONGO, "mongo"), (9093, KAFKA, "kafka")):
        line = {"to": [{"podSelector": {"matchLabels": pods}}], "ports": [{"protocol": "TCP", "port": port}]}
        yield policy(f"nightly-{name}", {"app.kubernetes.io/component": "nightly"}, egress=[line])


def _job(service: Service, name: str, module: list[str], schedule: str, *, again: int) -> Manifest:
    pod = _pod_of(service)
    container = pod["containers"][0]
    for part in ("ports", "startupProbe", "livenessProbe", "readinessProbe", "lifecycle", "args"):
        container.pop(part, None)
    container["command"] = ["python", "-m", *module]
    del pod["topologySpreadConstraints"]
    template = {
        "metadata": {"labels": labels(service.name, "nightly")},
        "spec": {**pod, "restartPolicy": "Never"},
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": metadata(name, "nightly", of=service.name),
        "spec": {
            "schedule": schedule,
            "timeZone": ZONE,
            "concurrencyPolicy": "Forbid",
            "successfulJobsHistoryLimit": 3,
            "failedJobsHistoryLimit": 3,
            "jobTemplate": {
                "spec": {
                    "backoffLimit": again,
                    "activeDeadlineSeconds": 7_200,
                    "ttlSecondsAfterFinished": 7 * 86_400,
                    "template": template,
                }
            },
        },
    }


def _pod_of(service: Service) -> dict[str, Any]:
    """Return the pod of the service's worker: a job has the same rights, keys and limits."""
    name = f"{service.name}-worker"
    found = next(
        made for made in workloads(service) if made["metadata"]["name"] == name and "template" in made["spec"]
    )
    pod: dict[str, Any] = found["spec"]["template"]["spec"]
    return pod
