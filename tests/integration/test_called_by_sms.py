"""An officer is called on real servers: alert, notice in Mongo, gateway over HTTP, signed receipt back."""

from typing import Any

import httpx

from deploy.local.checkout import HOST
from deploy.local.stack import Stack
from tests.integration.drivers import Town
from tests.integration.services import eventually


async def test_an_officer_is_called_by_text_message_and_the_receipt_comes_back(
    town: Town, stack: Stack
) -> None:
    services, officer, me = town.services, town.officer.who, "/v1/recipients/me"
    on = {"contacts": [{"channel": "sms", "address": town.somebody().phone}]}
    saved = await services.put("alerting", me, on, **officer)
    number = next(one["address"] for one in saved["contacts"] if one["channel"] == "sms")
    person = town.somebody()
    await town.officer.declares(person)
    await town.citizen.reports(person, spo2_percent=90, spo2_repeat_percent=90)
    [alert] = await eventually(lambda: town.doctor.alerts_of(person))
    path = f"/v1/alerts/{alert['alert_id']}"
    await services.post("alerting", f"{path}/escalation", None, **town.doctor.who)

    async def delivered() -> list[dict[str, Any]]:
        found = await services.get("alerting", f"{path}/notices", **officer)
        return [one for one in found["items"] if one["state"] == "delivered"]

    [notice] = await eventually(delivered, seconds=90)
    assert [one["outcome"] for one in notice["tries"]] == ["sent", "delivered"]
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{stack.place.ports.sms}") as gateway:
        shown = [one for one in (await gateway.get("/v1/messages")).json() if one["to"] == number]
    assert shown
    assert all("F0" not in one["text"] and person.person_id not in one["text"] for one in shown)
    await services.put("alerting", me, {"contacts": []}, **officer)
