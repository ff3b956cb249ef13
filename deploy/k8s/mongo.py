"""MongoDB: one replica set, one user per service that may touch its own database and no other."""

from collections.abc import Iterator
from typing import Final

from common.mongo.accounts import roles_of
from deploy.k8s.manifest import Manifest
from deploy.k8s.services import SERVICES, Service

NAME: Final = "la-chan-mongo"
VERSION: Final = "7.0.28"


def roles(service: Service) -> list[dict[str, str]]:
    """Return the roles of *service*, as the operator names them."""
    return [{"db": each["db"], "name": each["role"]} for each in roles_of(service.name)]


def replica_set() -> Iterator[Manifest]:
    """Yield the replica set; an overlay says how many members, how much memory and where."""
    yield {
        "apiVersion": "mongodbcommunity.mongodb.com/v1",
        "kind": "MongoDBCommunity",
        "metadata": {"name": NAME},
        "spec": {
            "type": "ReplicaSet",
            "members": 1,
            "version": VERSION,
            "security": {
                "authentication": {"modes": ["SCRAM-SHA-256"]},
                "tls": {
                    "enabled": True,
                    "certificateKeySecretRef": {"name": "la-chan-mongo-tls"},
                    "caCertificateSecretRef": {"name": "la-chan-mongo-tls"},
                },
            },
            "users": [*map(_user, SERVICES), _backup()],
            "additionalMongodConfig": {"storage.wiredTiger.engineConfig.journalCompressor": "zlib"},
        },
    }


def _user(service: Service) -> Manifest:
    return {
        "name": service.name,
        "db": "admin",
        "passwordSecretRef": {"name": f"{service.name}-mongo-password"},
        "scramCredentialsSecretName": f"{service.name}-mongo",
        "connectionStringSecretName": f"{service.name}-mongo",
        "roles": roles(service),
    }


def _backup() -> Manifest:
    return {
        "name": "backup",
        "db": "admin",
        "passwordSecretRef": {"name": "backup-mongo-password"},
        "scramCredentialsSecretName": "backup-mongo",
        "connectionStringSecretName": "backup-mongo",
        "roles": [{"db": "admin", "name": "backup"}],
    }
