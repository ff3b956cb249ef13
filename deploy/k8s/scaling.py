"""How many pods: the api by processor time, the worker by how far its groups lag behind."""

from collections.abc import Iterator
from typing import Final

from common.messaging.catalogue import Catalogue
from deploy.k8s.kafka import CLUSTER
from deploy.k8s.manifest import NAMESPACE, Manifest, metadata
from deploy.k8s.services import Service

BOOTSTRAP: Final = f"{CLUSTER}-kafka-bootstrap.{NAMESPACE}.svc:9093"
"""In full: KEDA looks it up from its own namespace."""
LAG_PER_POD: Final = 2_000
"""Records: about two seconds of one worker's work (docs/architecture.md, `assess`)."""
API_PODS_MOST: Final = 6
_CALM: Final = {
    # Every step is a pause of the whole group: up quickly, down one at a time.
    "scaleUp": {
        "stabilizationWindowSeconds": 30,
        "policies": [{"type": "Pods", "value": 2, "periodSeconds": 60}],
    },
    "scaleDown": {
        "stabilizationWindowSeconds": 300,
        "policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}],
    },
}


def scaling(service: Service, catalogue: Catalogue) -> Iterator[Manifest]:
    """Yield the HorizontalPodAutoscaler of the api and the ScaledObject of the worker."""
    yield {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": metadata(f"{service.name}-api", "api", of=service.name),
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": f"{service.name}-api"},
            "minReplicas": 2,
            "maxReplicas": API_PODS_MOST,
            "metrics": [_cpu()],
            "behavior": _CALM,
        },
    }
    reads = service.reads(catalogue)
    yield {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": metadata(f"{service.name}-worker", "worker", of=service.name),
        "spec": {
            "scaleTargetRef": {"name": f"{service.name}-worker"},
            "pollingInterval": 15,
            "minReplicaCount": 2,  # one that dies is missed for seconds only
            "maxReplicaCount": max(topic.partitions for _, topic in reads),
            "fallback": {"failureThreshold": 4, "replicas": 2, "behavior": "currentReplicasIfHigher"},
            "advanced": {"horizontalPodAutoscalerConfig": {"behavior": _CALM}},
            "triggers": [_lag(group, topic.name) for group, topic in reads],
        },
    }


def scaler_access() -> Iterator[Manifest]:
    """Yield how KEDA signs in at Kafka: its own user, which may describe and nothing else."""
    known = {"sasl": "scram_sha512", "tls": "enable", "username": "keda"}
    yield {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata("keda-kafka", "scaling"),
        "data": known,
    }
    yield {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "TriggerAuthentication",
        "metadata": metadata("keda-kafka", "scaling"),
        "spec": {
            "configMapTargetRef": [{"parameter": name, "name": "keda-kafka", "key": name} for name in known],
            "secretTargetRef": [
                {"parameter": "password", "name": "keda", "key": "password"},
                {"parameter": "ca", "name": f"{CLUSTER}-cluster-ca-cert", "key": "ca.crt"},
            ],
        },
    }


def _cpu() -> Manifest:
    return {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 150}},
    }


def _lag(group: str, topic: str) -> Manifest:
    return {
        "type": "kafka",
        "metadata": {
            "bootstrapServers": BOOTSTRAP,
            "consumerGroup": group,
            "topic": topic,
            "lagThreshold": str(LAG_PER_POD),
            "offsetResetPolicy": "earliest",
            "excludePersistentLag": "true",  # one record that nobody can apply does not hold the number up
            "version": "3.6.0",
        },
        "authenticationRef": {"name": "keda-kafka"},
    }
