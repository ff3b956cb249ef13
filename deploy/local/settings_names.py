"""Which environment variables a service reads: for checks of compose.yaml and of the Kubernetes settings."""

from importlib import import_module

from common.messaging.access import KafkaAccess
from common.settings import ServiceSettings


def settings_class(package: str) -> type[ServiceSettings]:
    """Return the settings of the service in *package*."""
    module = import_module(f"{package}.settings")
    kinds = (kind for kind in vars(module).values() if isinstance(kind, type))
    own = (kind for kind in kinds if kind.__module__ == module.__name__)
    return next(kind for kind in own if issubclass(kind, ServiceSettings))


def names(package: str) -> set[str]:
    """Return every variable that the service in *package* reads, its own and the shared ones."""
    fields = settings_class(package).model_fields
    shared = {f"LACHAN_{name.upper()}" for name in fields}
    kafka = {f"LACHAN_KAFKA_{name.upper()}" for name in KafkaAccess.model_fields}
    return {f"{package.upper()}_{name.upper()}" for name in fields} | shared | kafka
