"""A reminder on real servers: timer, fact on Kafka, message in Mongo, the gateway over HTTP; no number on the bus."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from common.contracts.f0_monitoring.consultations import ConsultationReminded
from deploy.local.checkout import HOST
from deploy.local.stack import Stack
from tests.integration.drivers import Town
from tests.integration.facts import FactLog
from tests.integration.services import eventually


async def test_a_patient_without_an_app_is_reminded_once_by_text_message(
    town: Town, stack: Stack, log: FactLog
) -> None:
    person = town.somebody()
    await town.officer.declares(person)
    ask, who = town.services.insist, town.officer.who
    url = f"/v1/patients/{person.person_id}/consultations"
    kept = await ask("f0_monitoring", url, {"way": "video", "wish": ""}, **who)
    path = f"/v1/consultations/{kept['consultation_id']}"
    starts_at = datetime.now(UTC) + timedelta(minutes=30, seconds=3)
    await ask("f0_monitoring", f"{path}/appointments", {"starts_at": starts_at.isoformat()}, **who)

    async with httpx.AsyncClient(base_url=f"http://{HOST}:{stack.place.ports.sms}") as gateway:
        number = "+84" + person.phone.lstrip("0").removeprefix("+84")

        async def taken() -> list[dict[str, Any]]:
            shown = (await gateway.get("/v1/messages")).json()
            return [one for one in shown if one["to"] == number]

        [sms] = await eventually(taken, seconds=60)

    told = await eventually(lambda: log.of(ConsultationReminded, about=kept["consultation_id"]), seconds=60)
    assert number[3:] not in told[0].data.model_dump_json()
    secret = re.search(r"/kham/phong#([A-Za-z0-9_-]+)", sms["text"])
    assert secret

    async def state() -> Any:
        view = await town.services.get("f0_monitoring", path, **who)
        return (view["reminder"] or {}).get("state") == "sent"

    assert await eventually(state, seconds=30)
    entry = await ask("f0_monitoring", "/v1/room-entries", {"link": secret.group(1)}, **who)
    assert entry["seat"] == "patient"
