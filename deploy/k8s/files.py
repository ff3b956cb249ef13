"""Which generated manifest is in which file below deploy/k8s."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml

from common.messaging.catalogue import load
from deploy.k8s import alerts, coturn, dashboards, gateway, jobs, kafka, mongo, network, scaling, workloads
from deploy.k8s.manifest import HEADER, dump, kustomization
from deploy.k8s.services import SERVICES

FOLDER: Final = Path(__file__).parent
COMPOSE: Final = FOLDER.parent / "compose"


def generated() -> dict[Path, str]:
    """Return every generated file with its text."""
    rules = HEADER + yaml.safe_dump({"groups": alerts.groups()}, sort_keys=False)
    shown = COMPOSE / "grafana" / "dashboards"
    return {
        **{FOLDER / name: text for name, text in _manifests()},
        COMPOSE / "prometheus" / "rules.yaml": rules,
        **{shown / f"{name}.json": dashboards.text(name) for name in dashboards.DASHBOARDS},
    }


def _manifests() -> Iterator[tuple[str, str]]:
    catalogue = load()
    for service in SERVICES:
        folder = f"base/{service.name}"
        yield f"{folder}/workloads.yaml", dump(workloads.workloads(service))
        yield f"{folder}/network.yaml", dump(network.policies(service))
        yield f"{folder}/kustomization.yaml", kustomization("workloads.yaml", "network.yaml")
    yield "base/network.yaml", dump(network.default_deny())
    yield "base/kustomization.yaml", kustomization("network.yaml", *(service.name for service in SERVICES))
    scaled = [manifest for service in SERVICES for manifest in scaling.scaling(service, catalogue)]
    yield "components/autoscaling/scaling.yaml", dump([*scaling.scaler_access(), *scaled])
    yield "components/autoscaling/kustomization.yaml", kustomization("scaling.yaml", kind="Component")
    yield "components/monitoring/monitors.yaml", dump(alerts.monitors())
    yield "components/monitoring/rules.yaml", dump(alerts.rules())
    yield "components/monitoring/dashboards.yaml", dump(dashboards.dashboards())
    names = ("monitors.yaml", "rules.yaml", "dashboards.yaml")
    yield "components/monitoring/kustomization.yaml", kustomization(*names, kind="Component")
    yield "components/nightly/jobs.yaml", dump(jobs.nightly())
    yield "components/nightly/kustomization.yaml", kustomization("jobs.yaml", kind="Component")
    yield "components/coturn/coturn.yaml", dump(coturn.coturn())
    yield "components/coturn/kustomization.yaml", kustomization("coturn.yaml", kind="Component")
    for overlay, domain in gateway.DOMAINS.items():
        yield f"overlays/{overlay}/services/gateway.yaml", dump(gateway.gateway(domain))
    yield "platform/kafka/topics.yaml", dump(kafka.topics(catalogue))
    yield "platform/kafka/users.yaml", dump(kafka.users(catalogue))
    yield "platform/mongodb/replica-set.yaml", dump(mongo.replica_set())


def write() -> list[str]:
    """Write what differs; return the names of those files."""
    found = differing()
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return found


def differing() -> list[str]:
    """Return the names of generated files that are missing or differ from what the generator says."""
    return [
        str(path.relative_to(FOLDER.parent))
        for path, text in generated().items()
        if not path.is_file() or path.read_text("utf-8") != text
    ]
