"""
The people of the stories, by what they do: officer, doctor, citizen, checkpoint, permit desk, IOC.

Each verb is what that person does on a page, sent to the public API that the page uses.
"""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from common.kernel.areas import Area
from common.kernel.clock import VIETNAM
from tests.integration.live import Live, listening
from tests.integration.people import Person, somebody
from tests.integration.services import Services

WELL: dict[str, Any] = {
    "spo2_percent": 98,
    "temperature_celsius": 36.6,
    "pulse_per_minute": 78,
    "breaths_per_minute": 16,
    "systolic_mmhg": 118,
    "diastolic_mmhg": 74,
    "on_oxygen": False,
    "consciousness": "alert",
    "symptoms": [],
}
CHECKPOINT = "thai-nguyen"
PLATE = "20A-123.45"


def now() -> datetime:
    """Return the instant as a phone knows it."""
    return datetime.now(UTC)


def today() -> date:
    """Return the Vietnamese day."""
    return now().astimezone(VIETNAM).date()


@dataclass(frozen=True)
class Permit:
    """A permit as its holder carries it."""

    permit_id: str
    qr: str
    view: dict[str, Any]


class Town:
    """One commune of the running system with everybody who acts there."""

    def __init__(self, services: Services, area: Area) -> None:
        self.services, self.area = services, area
        self.officer = Officer(services, area)
        self.doctor = Doctor(services, area)
        self.citizen = Citizen(services, area)
        self.permits = PermitDesk(services, area)
        self.checkpoint = Checkpoint(services, area)
        self.ioc = Ioc(services, area)

    def somebody(self, **details: Any) -> Person:
        """Return a new inhabitant."""
        return somebody(self.area.commune_code, **details)


class _Acting:
    def __init__(self, services: Services, area: Area) -> None:
        self.services, self.area = services, area


class Officer(_Acting):
    """The health officer of the commune (cán bộ y tế xã)."""

    @property
    def who(self) -> dict[str, str]:
        """Sign in."""
        return {"role": "health_officer", "area": self.area.commune_code}

    async def declares(self, person: Person, **details: Any) -> dict[str, Any]:
        """Declare somebody an F0; return the record."""
        record = await self.services.insist(
            "f0_monitoring", "/v1/patients", patient(person, **details), **self.who
        )
        person.person_id = record["person_id"]
        return record

    async def record_of(self, person: Person) -> dict[str, Any]:
        """Open the F0 record."""
        return await self.services.get("f0_monitoring", f"/v1/patients/{person.person_id}", **self.who)

    async def closes(self, person: Person, outcome: str) -> dict[str, Any]:
        """Close the F0 record: recovered (beyond the days of the rule, so by the district), died, wrongly_declared."""
        is_early = outcome == "recovered"
        body = {"outcome": outcome, "reason": "Hội chẩn: cho kết thúc sớm", "override": is_early}
        path = f"/v1/patients/{person.person_id}/closing"
        area = self.area.district_code if is_early else self.area.commune_code
        return await self.services.insist("f0_monitoring", path, body, role="health_officer", area=area)

    async def quarantines(self, person: Person, **details: Any) -> dict[str, Any]:
        """Order quarantine of an F1 at home; return the case."""
        case = await self.services.insist("quarantine", "/v1/cases", contact(person, **details), **self.who)
        person.person_id = case["person_id"]
        return case

    async def case_of(self, person: Person) -> dict[str, Any]:
        """Open the quarantine file."""
        return await self.services.get("quarantine", f"/v1/cases/{person.person_id}", **self.who)


class Doctor(_Acting):
    """The doctor on duty of the district."""

    @property
    def who(self) -> dict[str, str]:
        """Sign in."""
        return {"role": "doctor", "area": self.area.district_code}

    @asynccontextmanager
    async def inbox(self) -> AsyncIterator[Live]:
        """Keep the live inbox open."""
        async with listening(self.services, "alerting", "/v1/stream", **self.who) as live:
            await live.hears("snapshot")
            yield live

    async def alerts_of(self, person: Person, role: str = "doctor") -> list[dict[str, Any]]:
        """Read the open alerts about somebody."""
        who = {"role": role, "area": self.area.district_code}
        found = await self.services.get("alerting", "/v1/alerts?status=open&limit=200", **who)
        return [alert for alert in found["items"] if alert["person_id"] == person.person_id]

    async def takes(self, alert_id: str) -> dict[str, Any]:
        """Take an alert (Tôi nhận)."""
        path = f"/v1/alerts/{alert_id}/acknowledgement"
        return await self.services.post("alerting", path, {}, key=str(uuid.uuid4()), **self.who)


class Citizen(_Acting):
    """Somebody with a phone."""

    async def reports(self, person: Person, *, key: str = "", **vitals: Any) -> dict[str, Any]:
        """Send the F0's declaration; what is not named is as in somebody well."""
        path = f"/v1/patients/{person.person_id}/reports"
        return await self.services.insist(
            "f0_monitoring", path, report(**vitals), key=key, role="citizen", person_id=person.person_id
        )

    async def checks_in(self, person: Person, *, key: str = "", **details: Any) -> dict[str, Any]:
        """Send the daily declaration of somebody in quarantine."""
        body = {
            "reported_at": now().isoformat(),
            "declared_by": "self",
            "temperature_celsius": 36.7,
            **details,
        }
        path = f"/v1/cases/{person.person_id}/reports"
        return await self.services.insist(
            "quarantine", path, body, key=key, role="citizen", person_id=person.person_id
        )


class PermitDesk(_Acting):
    """The permit officer of the commune."""

    @property
    def who(self) -> dict[str, str]:
        """Sign in."""
        return {"role": "permit_officer", "area": self.area.commune_code}

    async def issues(self, person: Person, **details: Any) -> Permit:
        """Enter an application that the policy approves."""
        view = await self.services.insist("permit", "/v1/permits", application(person, **details), **self.who)
        assert view["status"] == "issued", view
        person.person_id = view["person_id"]
        person.permits.append(view["permit_id"])
        return Permit(view["permit_id"], view["qr"], view)

    async def shows(self, permit: Permit) -> dict[str, Any]:
        """Open a permit."""
        return await self.services.get("permit", f"/v1/permits/{permit.permit_id}", **self.who)


class Checkpoint(_Acting):
    """The officer at a checkpoint, with a network."""

    async def scans(self, permit: Permit | str, *, at: str = CHECKPOINT) -> dict[str, Any]:
        """Scan the code of a permit, or any text."""
        qr = permit if isinstance(permit, str) else permit.qr
        plate = PLATE if isinstance(permit, str) else permit.view["plate"]
        body = {"qr": qr, "checkpoint_id": at, "plate": plate}
        return await self.services.insist(
            "permit", "/v1/verifications", body, role="checkpoint_officer", area="19"
        )


class Ioc(_Acting):
    """An operator of the operations centre."""

    async def figures(self, code: str = "") -> dict[str, int]:
        """Read the figures of the commune, or of the area *code*."""
        path = f"/v1/areas/{code or self.area.commune_code}"
        answer = await self.services.get("ioc_aggregation", path, role="ioc_operator", area="19")
        return answer["metrics"]

    async def counted(self, metric: str, code: str = "") -> int:
        """Count what happened yesterday and today: a midnight in the middle of a story changes nothing."""
        path = f"/v1/areas/{code or self.area.commune_code}/series?metric={metric}&days=2"
        answer = await self.services.get("ioc_aggregation", path, role="ioc_operator", area="19")
        return sum(point["value"] for point in answer["items"])


def patient(person: Person, **details: Any) -> dict[str, Any]:
    """Return the form that declares an F0: young, well, vaccinated."""
    return {
        "person": person.form(),
        "commune_code": person.commune_code,
        "address": "Tổ 1 (địa chỉ mẫu)",
        "tested_on": today().isoformat(),
        "conditions": [],
        "pregnant": False,
        "vaccination_doses": 3,
        **details,
    }


def contact(person: Person, **details: Any) -> dict[str, Any]:
    """Return the form that orders an F1's quarantine at home."""
    return {
        "person": person.form(),
        "commune_code": person.commune_code,
        "address": "Tổ 1 (địa chỉ mẫu)",
        "category": "f1",
        "place": "home",
        "last_exposure_on": today().isoformat(),
        "vaccination_doses": 2,
        **details,
    }


def plate_of(person: Person) -> str:
    """Return the plate of somebody's own vehicle: two people on one plate are a sign of fraud."""
    return f"20A-{person.cccd[-5:-2]}.{person.cccd[-2:]}"


def application(person: Person, **details: Any) -> dict[str, Any]:
    """Return the application of a worker for one day."""
    return {
        "person": person.form(),
        "category": "worker",
        "purpose": "Đi làm",
        "areas": ["19"],
        "windows": [],
        "plate": plate_of(person),
        "valid_from": (now() - timedelta(minutes=1)).isoformat(),
        "valid_until": (now() + timedelta(hours=20)).isoformat(),
        "commune_code": person.commune_code,
        **details,
    }


def report(**vitals: Any) -> dict[str, Any]:
    """Return the declaration of an F0, made now."""
    return {**WELL, "reported_at": now().isoformat(), "declared_by": "self", **vitals}
