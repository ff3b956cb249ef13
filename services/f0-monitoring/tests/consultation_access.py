"""Who may call the routes of consultations: for the access matrix of the service."""

from typing import Any

from common.testing.access import Rule
from common.testing.sign_in import bearer

AREA_STAFF = frozenset(("health_officer", "administrator"))
"""Doctors are not among them: a doctor of the area who does not look after the patient has no part in it."""
HOUR = {"starts_at": "2022-02-10T12:00:00Z", "minutes": 15}


async def consultation_rules(house: Any, person_id: str) -> list[Rule]:
    """Ask for a consultation of *person_id*, who gets a doctor of their own; return one rule per route."""
    own = {"name": "BS. Mẫu", "phone": "0987654322", "district_codes": ["173"]}
    await house.client.put("/v1/doctors/doctor-own", json=own, headers=bearer("administrator"))
    given = {"doctor_id": "doctor-own"}
    url = f"/v1/patients/{person_id}/doctor"
    await house.client.post(url, json=given, headers=bearer("administrator"))
    asked = f"/v1/patients/{person_id}/consultations"
    wish = {"way": "video", "wish": "Ho nhiều"}
    citizen = bearer("citizen", (), person_id=person_id)
    opened = (await house.client.post(asked, json=wish, headers=citizen)).json()
    one = f"/v1/consultations/{opened['consultation_id']}"

    def rule(method: str, path: str, roles: Any, url: str, json: Any = None, **more: Any) -> Rule:
        request = {"url": url} if json is None else {"url": url, "json": json}
        return Rule(method, path, frozenset(roles), lambda: request, person_id=person_id, **more)

    path, done = "/v1/consultations/{consultation_id}", frozenset({200, 201, 409})
    everybody = (*AREA_STAFF, "citizen")
    return [
        rule("GET", "/v1/consultations", (*AREA_STAFF, "doctor"), "/v1/consultations", is_filtered=True),
        rule("GET", "/v1/consultations/waiting", ("doctor",), "/v1/consultations/waiting", is_scoped=False),
        rule("GET", "/v1/me/consultations", ("citizen",), "/v1/me/consultations", any_citizen=True),
        rule("POST", "/v1/patients/{person_id}/consultations", everybody, asked, wish, good=done),
        rule("GET", path, everybody, one),
        rule("POST", f"{path}/appointments", AREA_STAFF, f"{one}/appointments", HOUR, good=done),
        rule("POST", f"{path}/links", everybody, f"{one}/links", good=done),
        rule("POST", f"{path}/entry", ("citizen",), f"{one}/entry"),
        rule("POST", f"{path}/result", (), f"{one}/result", {"phone_minutes": 5}),
        rule(
            "POST", f"{path}/cancellation", everybody, f"{one}/cancellation", {"reason": "other"}, good=done
        ),
    ]
