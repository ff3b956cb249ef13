"""The relay of video calls: without it calls connect only where two networks let each other through."""

from collections.abc import Iterator
from typing import Final

from deploy.k8s.manifest import Manifest, labels, metadata

IMAGE: Final = "coturn/coturn:4.6.2-r13-debian"
PORT: Final = 3478
FIRST, RELAYED = 49_160, 40
"""Ports for relayed calls; each call takes two or three. A load balancer must carry every one by name."""
_COMMAND: Final = """\
exec turnserver -n --no-cli --no-tls --no-dtls --fingerprint --listening-port={port} --min-port={first} \\
  --max-port={last} --external-ip="$EXTERNAL_IP" --use-auth-secret --static-auth-secret="$TURN_SECRET" \\
  --realm=la-chan --no-multicast-peers --denied-peer-ip=10.0.0.0-10.255.255.255 \\
  --denied-peer-ip=172.16.0.0-172.31.255.255 --denied-peer-ip=192.168.0.0-192.168.255.255 \\
  --pidfile=/tmp/turnserver.pid --userdb=/tmp/turndb --log-file=stdout --simple-log
"""


def coturn() -> Iterator[Manifest]:
    """Yield the relay, its address and what may reach it."""
    selector = labels("coturn", "relay")
    yield {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata("coturn", "relay"),
        "automountServiceAccountToken": False,
    }
    yield {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata("coturn", "relay"),
        "spec": {
            "replicas": 1,
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": selector},
            "template": {"metadata": {"labels": selector}, "spec": _pod()},
        },
    }
    yield {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata("coturn", "relay"),
        "spec": {
            "type": "LoadBalancer",
            "externalTrafficPolicy": "Local",
            "selector": selector,
            "ports": _ports(),
        },
    }
    # Whoever calls may come from anywhere; the relay itself reaches people only, nothing inside.
    outside = {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]}
    yield {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata("coturn", "network"),
        "spec": {
            "podSelector": {"matchLabels": selector},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [{"ports": [_range(), *_listening()]}],
            "egress": [{"to": [{"ipBlock": outside}]}],
        },
    }


def _pod() -> Manifest:
    secret = {"secretKeyRef": {"name": "f0-monitoring-keys", "key": "F0_MONITORING_TURN_SECRET"}}
    address = {"configMapKeyRef": {"name": "la-chan-settings", "key": "TURN_EXTERNAL_IP"}}
    probe = {"tcpSocket": {"port": "turn-tcp"}, "periodSeconds": 10, "failureThreshold": 3}
    return {
        "serviceAccountName": "coturn",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65534,
            "runAsGroup": 65534,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [
            {
                "name": "coturn",
                "image": IMAGE,
                "imagePullPolicy": "IfNotPresent",
                "command": ["/bin/sh", "-c"],
                "args": [_COMMAND.format(port=PORT, first=FIRST, last=FIRST + RELAYED - 1)],
                "env": [
                    {"name": "TURN_SECRET", "valueFrom": secret},
                    {"name": "EXTERNAL_IP", "valueFrom": address},
                ],
                "ports": [
                    {"name": "turn-tcp", "containerPort": PORT, "protocol": "TCP"},
                    {"name": "turn-udp", "containerPort": PORT, "protocol": "UDP"},
                ],
                "readinessProbe": probe,
                "livenessProbe": probe,
                "resources": {
                    "requests": {"cpu": "100m", "memory": "64Mi"},
                    "limits": {"cpu": "2", "memory": "256Mi"},
                },
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                },
                "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108  the container's own
            }
        ],
        "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}}],
    }


def _listening() -> list[Manifest]:
    return [{"protocol": protocol, "port": PORT} for protocol in ("UDP", "TCP")]


def _range() -> Manifest:
    return {"protocol": "UDP", "port": FIRST, "endPort": FIRST + RELAYED - 1}


def _ports() -> list[Manifest]:
    listening = [
        {"name": f"turn-{protocol.lower()}", "protocol": protocol, "port": PORT}
        for protocol in ("TCP", "UDP")
    ]
    relayed = [
        {"name": f"relay-{port}", "protocol": "UDP", "port": port} for port in range(FIRST, FIRST + RELAYED)
    ]
    return [*listening, *relayed]
