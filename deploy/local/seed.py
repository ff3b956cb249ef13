"""Tells a fresh stack, through the public APIs, who its doctors, checkpoints and sample citizens are."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import httpx

from common.clocks import clock_for
from common.geo import Units
from common.kernel.clock import local_day
from deploy.local import people, places, services
from deploy.local.stack import Stack

_AT_HOME = "Tổ 1 (địa chỉ mẫu)"


class Refused(RuntimeError):
    """A service did not take what it was told."""


def seed(stack: Stack) -> Iterator[str]:
    """Tell every written service what it must know; yield one line per step, also for a step that failed."""
    units = Units.load()
    with httpx.Client(timeout=15) as client:
        for package, step in (
            ("f0_monitoring", _doctors),
            ("f0_monitoring", _facilities),
            ("permit", _checkpoints),
            ("f0_monitoring", _patient),
            ("quarantine", _contact),
        ):
            if services.is_written(package):
                yield _attempt(step, Desk(stack, client), units)


class Desk:
    """Calls the services of a stack as the administrator or an officer of the province."""

    def __init__(self, stack: Stack, client: httpx.Client) -> None:
        self._stack = stack
        self._client = client

    def today(self) -> date:
        """Return the day on the services' own clock, which a rehearsal puts into the past."""
        return local_day(clock_for(self._stack.place.settings.get("LACHAN_REHEARSAL", "")).now())

    def send(
        self, method: str, package: str, path: str, body: dict[str, Any], *, role: str, key: str = ""
    ) -> httpx.Response:
        """Send *body*; raises `Refused` unless the service takes it (or has it already)."""
        headers = {"Authorization": f"Bearer {self._stack.token(role)}"}
        if key:
            headers["Idempotency-Key"] = key
        answer = self._client.request(
            method, f"{self._stack.address(package)}{path}", json=body, headers=headers
        )
        if answer.is_success or answer.status_code == httpx.codes.CONFLICT:
            return answer
        raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:300]}")


def _attempt(step: Callable[[Desk, Units], str], desk: Desk, units: Units) -> str:
    try:
        return step(desk, units)
    except (Refused, httpx.HTTPError) as fault:
        return f"seed FAILED at {step.__name__.strip('_')}: {fault}"


def _doctors(desk: Desk, units: Units) -> str:
    described = list(people.doctors(units))
    for doctor_id, body in described:
        desk.send("PUT", "f0_monitoring", f"/v1/doctors/{doctor_id}", body, role="administrator")
    return f"{len(described)} doctors on duty, one per district"


def _facilities(desk: Desk, units: Units) -> str:
    district = units.area_of(people.COMMUNE).district_code
    described = list(places.facilities(units, district))
    for facility_id, body in described:
        desk.send("PUT", "f0_monitoring", f"/v1/facilities/{facility_id}", body, role="administrator")
    stations = [facility_id for facility_id, body in described if body["kind"] == "station"]
    lines = [*places.stocks(), *((name, places.station_stock(at)) for at, name in enumerate(stations))]
    for facility_id, counted in lines:
        path = f"/v1/facilities/{facility_id}/stock"
        desk.send("POST", "f0_monitoring", path, {"lines": counted}, role="administrator")
    return f"{len(described)} made-up stations and treatment facilities with beds and stock"


def _checkpoints(desk: Desk, _units: Units) -> str:
    for post in people.CHECKPOINTS:
        body = {name: value for name, value in post.items() if name != "checkpoint_id"}
        desk.send("PUT", "permit", f"/v1/checkpoints/{post['checkpoint_id']}", body, role="administrator")
    return f"{len(people.CHECKPOINTS)} checkpoints of the province"


def _patient(desk: Desk, _units: Units) -> str:
    citizen, today = people.CITIZENS[0], desk.today()
    body = {
        "person": _person(citizen),
        "commune_code": people.COMMUNE,
        "address": _AT_HOME,
        "tested_on": today.isoformat(),
        "conditions": [],
        "pregnant": False,
        "vaccination_doses": 2,
        "weight_kg": 55,
    }
    desk.send("POST", "f0_monitoring", "/v1/patients", body, role="health_officer", key="seed-sample-f0")
    return f"sample F0 at home: {citizen.full_name}"


def _contact(desk: Desk, _units: Units) -> str:
    citizen, today = people.CITIZENS[1], desk.today()
    body = {
        "person": _person(citizen),
        "commune_code": people.COMMUNE,
        "address": _AT_HOME,
        "category": "f1",
        "place": "home",
        "last_exposure_on": (today - timedelta(days=1)).isoformat(),
        "vaccination_doses": 2,
    }
    desk.send("POST", "quarantine", "/v1/cases", body, role="health_officer", key="seed-sample-f1")
    return f"sample F1 in quarantine at home: {citizen.full_name}"


def _person(citizen: people.Citizen) -> dict[str, Any]:
    return {
        "full_name": citizen.full_name,
        "cccd": citizen.cccd,
        "phone": citizen.phone,
        "birth_year": citizen.birth_year,
        "sex": citizen.sex,
    }
