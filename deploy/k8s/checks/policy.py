"""What no schema says: images that move, pods that are root, secrets in plain text."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from deploy.k8s.checks import references
from deploy.k8s.checks.schema import title

Manifest = dict[str, Any]
Check = Callable[[Manifest, Manifest], Iterator[str]]
QUANTITY: Final = re.compile(r"^[0-9]+(\.[0-9]+)?(m|[KMGTP]i?|k)?$")
_SECRET_NAME: Final = re.compile(r"PASSWORD|SECRET|TOKEN|_KEYS?$|PIN$", re.IGNORECASE)
_SECRET_VALUE: Final = re.compile(r"://[^/:@\s]+:[^@\s$]+@|BEGIN [A-Z ]*PRIVATE KEY|password=[^$\s]")
_PULL: Final = ("IfNotPresent", "Never")
_POINTERS: Final = ("_FILE", "_URI", "_URL")


def faults(manifests: Sequence[Manifest]) -> Iterator[str]:
    """Yield what a cluster would do wrongly with these manifests, or refuse, or what it must not be told."""
    for manifest in manifests:
        name = title(manifest)
        yield from (f"{name}: {fault}" for fault in _plain_secrets(manifest))
        pod = pod_of(manifest)
        if pod is not None:
            yield from (f"{name}: {fault}" for fault in _pod(pod))
            for container in (*pod.get("initContainers", []), *pod.get("containers", [])):
                label = f"{name}: {container.get('name')}"
                yield from (f"{label}: {fault}" for check in _CONTAINER for fault in check(pod, container))
    yield from references.faults(manifests)


def pod_of(manifest: Manifest) -> Manifest | None:
    """Return the pod that a Deployment, Job or CronJob makes."""
    spec = manifest.get("spec") or {}
    pod: Manifest | None
    match manifest.get("kind"):
        case "Deployment" | "Job":
            pod = spec.get("template", {}).get("spec")
        case "CronJob":
            pod = spec.get("jobTemplate", {}).get("spec", {}).get("template", {}).get("spec")
        case _:
            pod = None
    return pod


def _pod(pod: Manifest) -> Iterator[str]:
    context = pod.get("securityContext") or {}
    if context.get("runAsNonRoot") is not True or not context.get("runAsUser"):
        yield "runs as root, or may"
    if (context.get("seccompProfile") or {}).get("type") != "RuntimeDefault":
        yield "has no seccomp profile"
    if pod.get("automountServiceAccountToken") is not False:
        yield "is handed a token of the cluster"
    for forbidden in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(forbidden):
            yield f"uses {forbidden}"
    mounted = {volume["name"] for volume in pod.get("volumes", [])}
    if any("hostPath" in volume for volume in pod.get("volumes", [])):
        yield "mounts the node's disk"
    for container in pod.get("containers", []):
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in mounted:
                yield f"mounts {mount['name']}, which it does not have"


def _image(_pod: Manifest, container: Manifest) -> Iterator[str]:
    image = str(container.get("image", ""))
    tag = image.rpartition("/")[2].partition(":")[2]
    if "@sha256:" not in image and tag in ("", "latest"):
        yield f"image {image} is not pinned"
    if container.get("imagePullPolicy") not in _PULL:
        yield f"imagePullPolicy is not one of {', '.join(_PULL)}: an air-gapped site cannot pull at will"


def _rights(_pod: Manifest, container: Manifest) -> Iterator[str]:
    context = container.get("securityContext") or {}
    if context.get("allowPrivilegeEscalation") is not False or context.get("privileged"):
        yield "may gain privileges"
    if context.get("readOnlyRootFilesystem") is not True:
        yield "may write its root"
    if (context.get("capabilities") or {}).get("drop") != ["ALL"] or (context.get("capabilities") or {}).get(
        "add"
    ):
        yield "keeps capabilities"
    if context.get("runAsUser") == 0 or context.get("runAsNonRoot") is False:
        yield "runs as root"


def _resources(_pod: Manifest, container: Manifest) -> Iterator[str]:
    resources = container.get("resources") or {}
    for kind in ("requests", "limits"):
        for what in ("cpu", "memory"):
            amount = (resources.get(kind) or {}).get(what)
            if amount is None:
                yield f"has no {kind} of {what}"
            elif not QUANTITY.match(str(amount)):
                yield f"{kind} of {what}: {amount} is not a quantity"


def _ports(_pod: Manifest, container: Manifest) -> Iterator[str]:
    names = {port.get("name") for port in container.get("ports", [])}
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = container.get(probe) or {}
        port = (asked.get("httpGet") or asked.get("tcpSocket") or {}).get("port")
        if isinstance(port, str) and port not in names:
            yield f"{probe} asks port {port}, which it does not have"


def _environment(_pod: Manifest, container: Manifest) -> Iterator[str]:
    for variable in container.get("env", []):
        name, value = str(variable.get("name")), variable.get("value")
        if value is not None and not isinstance(value, str):
            yield f"{name} is not text"
        if value and _looks_secret(name, str(value)):
            yield f"{name} is a secret in plain text"


_CONTAINER: Final[tuple[Check, ...]] = (_image, _rights, _resources, _ports, _environment)


def _looks_secret(name: str, value: str) -> bool:
    named = bool(_SECRET_NAME.search(name)) and not name.endswith(_POINTERS)
    return named or bool(_SECRET_VALUE.search(value))


def _plain_secrets(manifest: Manifest) -> Iterator[str]:
    if manifest.get("kind") == "Secret" and (manifest.get("data") or manifest.get("stringData")):
        yield "a secret with its content; secrets are made on the cluster"
    if manifest.get("kind") == "ConfigMap":
        for name, value in (manifest.get("data") or {}).items():
            if not name.endswith(".json") and value and _looks_secret(name, str(value)):
                yield f"{name} is a secret in plain text"
