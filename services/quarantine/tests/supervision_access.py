"""Who may do what in supervision: the rows of the access table."""

from base64 import b64encode
from typing import Any

from common.testing.access import Rule
from services.quarantine.tests.pictures import jpeg

OFFICER = frozenset({"health_officer"})
WATCHERS = frozenset({"health_officer", "administrator"})
READERS = WATCHERS | {"doctor"}
CITIZEN = frozenset({"citizen"})
PICTURE = b64encode(jpeg()).decode()
WORDS = "Đã gặp, đang ở nhà"


def supervision_rules(person_id: str, request_id: str, evidence_id: str, need_id: str) -> list[Rule]:
    """Return the rows, about a person with an open check-in, a breach and a request for help."""
    case, me = f"/v1/cases/{person_id}", {"person_id": person_id}

    def row(path: str, roles: frozenset[str], json: dict[str, Any], **more: Any) -> Rule:
        url = case + path.format(request=request_id, evidence=evidence_id, need=need_id)
        named = {"request": "{request_id}", "evidence": "{evidence_id}", "need": "{need_id}"}
        template = "/v1/cases/{person_id}" + path.format(**named)
        return Rule(more.pop("method", "POST"), template, roles, lambda: {"url": url, "json": json}, **more)

    here = {"latitude": 21.594, "longitude": 105.848}
    need = {"kind": "food", "words": "Hết gạo"}
    return [
        Rule("GET", "/v1/supervision", READERS, lambda: {"url": "/v1/supervision"}, is_filtered=True),
        Rule(
            "GET",
            "/v1/supervision-counts",
            READERS,
            lambda: {"url": "/v1/supervision-counts"},
            is_scoped=False,
        ),
        Rule("GET", "/v1/cases/{person_id}/supervision", WATCHERS, lambda: {"url": f"{case}/supervision"}),
        row("/check-ins", OFFICER, {}, good=frozenset({201, 409})),
        row("/check-ins/{request}/seen", CITIZEN, {}, **me),
        row("/check-ins/{request}/answer", CITIZEN, {"no_place_because": "denied"}, **me),
        Rule(
            "POST",
            "/v1/check-in-photos",
            CITIZEN,
            lambda: {
                "url": "/v1/check-in-photos",
                "json": {"person_id": person_id, "request_id": request_id, "image": PICTURE},
            },
            **me,
        ),
        row("/check-ins/{request}/photo", OFFICER, {}, method="GET", good=frozenset({200, 404})),
        row("/home", OFFICER, here, method="PUT"),
        row("/visits", OFFICER, {"kind": "call", "result": "not_reached"}),
        row("/needs", WATCHERS | CITIZEN, need, **me),
        row("/needs/{need}/answer", OFFICER, {"words": WORDS}),
        row("/breaches", OFFICER, {"at": "2021-08-02T01:30:00Z", "words": WORDS}),
        row("/breaches/{evidence}/follow-up", OFFICER, {"state": "explained", "words": WORDS}),
        Rule("GET", "/v1/me/check-ins", CITIZEN, lambda: {"url": "/v1/me/check-ins"}, **me),
        Rule("GET", "/v1/me/needs", CITIZEN, lambda: {"url": "/v1/me/needs"}, any_citizen=True, **me),
    ]
