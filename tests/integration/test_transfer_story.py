"""A transfer over the running system, with a kill on the way: bed and record end where the patient is."""

import asyncio
import uuid
from typing import Any

from common.contracts.f0_monitoring import PatientMoved
from common.contracts.f0_monitoring.facilities import BedOccupied, BedReleased, BedReserved
from deploy.local.stack import Stack
from tests.integration.drivers import Town
from tests.integration.facts import FactLog
from tests.integration.services import Services, eventually

F0 = "f0_monitoring"
PROVINCE = {"role": "health_officer", "area": "19"}


async def test_a_transfer_ends_right_although_the_service_is_killed_on_the_way(
    services: Services, town: Town, stack: Stack, log: FactLog
) -> None:
    person = town.somebody()
    await town.officer.declares(person)
    place = f"bv-{uuid.uuid4().hex[:8]}"
    hospital = {
        "kind": "hospital",
        "tier": 2,
        "name": "Cơ sở mẫu của câu chuyện",
        "commune_code": town.area.commune_code,
        "serves": [town.area.commune_code],
        "beds": [{"bed_kind": "oxygen", "beds": 1}],
    }
    await services.put(F0, f"/v1/facilities/{place}", hospital, **PROVINCE)
    at = f"/v1/patients/{person.person_id}"
    wish = {"tier": 2, "bed_kind": "oxygen", "is_emergency": True, "reason": "needs_oxygen"}
    asked = await services.post(F0, f"{at}/transfers", wish, **PROVINCE)
    step = {"transfer_id": asked["transfer_id"]}
    await services.post(F0, f"{at}/transfer/acceptance", {**step, "facility_id": place}, **PROVINCE)

    await services.post(F0, f"{at}/transfer/departure", step, **PROVINCE)
    stack.children["f0-monitoring"].kill()
    await asyncio.to_thread(stack.restart, "f0-monitoring")
    await services.insist(F0, f"{at}/transfer/arrival", step, **PROVINCE)

    async def record() -> Any:
        return (await services.get(F0, at, **PROVINCE))["care_state"]

    async def beds() -> Any:
        found = await services.get(F0, "/v1/facilities", **PROVINCE)
        [one] = [each for each in found["items"] if each["facility_id"] == place]
        return [one["beds"][0][name] for name in ("reserved", "occupied", "free")]

    await eventually(record, lambda state: state == "in_hospital", seconds=60)
    await eventually(beds, lambda seen: seen == [0, 1, 0], seconds=60)

    early = {"outcome": "recovered", "reason": "Hội chẩn: cho kết thúc sớm", "override": True}
    await services.post(F0, f"{at}/closing", early, **PROVINCE)
    await eventually(beds, lambda seen: seen == [0, 0, 1], seconds=60)

    async def told() -> list[str]:
        kinds = (BedReserved, BedOccupied, BedReleased)
        return [k.__name__ for k in kinds for e in await log.of(k) if e.data.facility_id == place]

    assert await eventually(told, lambda seen: len(seen) == 3) == [
        "BedReserved",
        "BedOccupied",
        "BedReleased",
    ]
    moves = [e.data for e in await log.of(PatientMoved) if e.data.person_id == person.person_id]
    assert [(m.from_state.value, m.to_state.value, m.reason) for m in moves] == [
        ("declared", "transferring", "transfer"),
        ("transferring", "in_hospital", "transfer"),
    ]
