"""
The door from outside (Gateway API): TLS, one host name per service, measurements stay inside.

A name per service rather than one for all: each service keeps its paths (`/`, `/v1/stream`), and what a
browser stores for a scanner is out of reach of a page of another service.
"""

from collections.abc import Iterator
from typing import Final

from deploy.k8s.manifest import NAMESPACE, Manifest, metadata
from deploy.local import compose

DOMAINS: Final = {"dev": "la-chan.test", "prod": "la-chan.internal"}
HOSTS: Final = {package.replace("_", "-"): host for package, host in compose.HOSTS.items()}
"""Vietnamese, because people type them: cách ly, giấy đi đường, cảnh báo."""
FRONTS: Final = {package.replace("_", "-"): page for package, page in compose.FRONTS.items()}
INSIDE: Final = ("/metrics", "/readyz", "/healthz")


def gateway(domain: str) -> Iterator[Manifest]:
    """Yield the Gateway of *domain*, one route per service, and the way from HTTP to HTTPS."""
    certificate = {"kind": "Secret", "name": "la-chan-gateway-tls"}
    every = f"*.{domain}"
    own = {"namespaces": {"from": "Same"}}
    yield {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": metadata(NAMESPACE, "gateway", annotations={"cert-manager.io/issuer": "la-chan-ca"}),
        "spec": {
            "gatewayClassName": "la-chan",
            "listeners": [
                {"name": "http", "port": 80, "protocol": "HTTP", "hostname": every, "allowedRoutes": own},
                {
                    "name": "https",
                    "port": 443,
                    "protocol": "HTTPS",
                    "hostname": every,
                    "tls": {"mode": "Terminate", "certificateRefs": [certificate]},
                    "allowedRoutes": own,
                },
            ],
        },
    }
    yield _route("to-https", [every], "http", [_redirect({"scheme": "https", "statusCode": 301})])
    for service, host in HOSTS.items():
        front = FRONTS.get(service, "/")
        away = [*INSIDE, *(["/"] if front != "/" else [])]
        yield _route(service, [f"{host}.{domain}"], "https", [_leads(away, front), _to(service)])


def _leads(paths: list[str], to: str) -> Manifest:
    """Send whoever asks for one of *paths* to the page *to*."""
    how = {"path": {"type": "ReplaceFullPath", "replaceFullPath": to}, "statusCode": 302}
    return {**_redirect(how), "matches": [{"path": {"type": "Exact", "value": path}} for path in paths]}


def _to(service: str) -> Manifest:
    return {
        "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
        "timeouts": {"request": "0s"},  # inboxes and walls stay connected for hours
        "backendRefs": [{"name": service, "port": 80}],
    }


def _redirect(how: Manifest) -> Manifest:
    return {"filters": [{"type": "RequestRedirect", "requestRedirect": how}]}


def _route(name: str, hosts: list[str], section: str, rules: list[Manifest]) -> Manifest:
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": metadata(name, "gateway"),
        "spec": {
            "parentRefs": [{"name": NAMESPACE, "sectionName": section}],
            "hostnames": hosts,
            "rules": rules,
        },
    }
