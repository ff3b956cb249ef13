"""What stands around resources: bundles with their links, outcomes of what failed, what the server can do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from f0_monitoring.views.fhir.resources import Resource, instant

TYPE: Final = "application/fhir+json"
VERSION: Final = "4.0.1"
_CODES: Final = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    422: "invalid",
    503: "transient",
}
_SEARCHED: Final = {
    "Patient": ("_id",),
    "Observation": ("patient", "code"),
    "RiskAssessment": ("patient",),
    "Encounter": ("patient",),
    "EpisodeOfCare": ("patient",),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a search came to: the address of the API, the type, and what was asked for."""

    base: str
    kind: str
    query: tuple[tuple[str, str], ...]

    def link(self, **more: str) -> str:
        """Return the address of this search, with *more* in place of what was asked."""
        query = {**dict(self.query), **more}
        return f"{self.base}/{self.kind}" + (f"?{urlencode(query)}" if query else "")


def searchset(asked: Asked, resources: Iterable[Resource], after: str = "") -> Resource:
    """Return a page of a search; *after* is the cursor of the next one, empty on the last."""
    links = [{"relation": "self", "url": asked.link()}]
    if after:
        links.append({"relation": "next", "url": asked.link(_cursor=after)})
    entries = [
        {
            "fullUrl": f"{asked.base}/{one['resourceType']}/{one['id']}",
            "resource": one,
            "search": {"mode": "match"},
        }
        for one in resources
    ]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": links,
        **({"entry": entries} if entries else {}),
    }


def outcome(status: int, text: str) -> Resource:
    """Return why a request was refused."""
    issue = {"severity": "error", "code": _CODES.get(status, "processing"), "diagnostics": text}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def capabilities(base: str, at: datetime) -> Resource:
    """Return what this server can do."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": instant(at),
        "kind": "instance",
        "software": {"name": "Lá Chắn f0-monitoring"},
        "implementation": {"description": "F0 care, pseudonymous, read only", "url": base},
        "fhirVersion": VERSION,
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "security": {"description": "OIDC bearer token of a partner; its areas bound every answer"},
                "resource": [_capable(kind, params) for kind, params in _SEARCHED.items()],
            }
        ],
    }


def _capable(kind: str, params: tuple[str, ...]) -> dict[str, Any]:
    kinds = {"_id": "token", "code": "token", "patient": "reference"}
    return {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [{"name": name, "type": kinds[name]} for name in params],
    }
