"""
How long a person waits: danger sign to the doctor's live inbox, and F0 to a refused scan.

`python -m tests.load.bench.latency` runs all five services. (1) Danger signs are posted at a fixed rate and
one doctor's inbox stream is read; bars p50 < 300 ms, p99 < 2 s at 100/s. (2) Holders of valid permits are
declared F0 while declarations go on at 50/s, and the checkpoint asks until it is refused; bars p50 < 300 ms,
p99 < 1 s.
"""

import asyncio
import re
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from deploy.local.services import PACKAGES
from deploy.local.stack import Stack
from tests.load.bench import running
from tests.load.bench.declarations import BODY
from tests.load.bench.people import caller, declare_patients, inhabitants
from tests.load.bench.wire import Load, paced, request
from tests.load.province.callers import Caller
from tests.load.province.people import Person

DANGERS, PER_SECOND = 1_000, 100
PERSON_OF = re.compile(rb'"person_id":"([^"]+)"')
WARM_UP = 1_000
"""Danger signs of other people before: a broker that has just started compiles itself for some seconds."""
HOLDERS = 100


def main() -> None:
    """Measure both waits on one running system."""
    with running.servers() as servers, running.stack(servers, *PACKAGES) as stack:
        asyncio.run(_danger_to_inbox(stack))
        asyncio.run(_f0_to_refusal(stack))


async def _danger_to_inbox(stack: Stack) -> None:
    everybody = await declare_patients(stack, WARM_UP + DANGERS, seed=3)
    warm_up, people = everybody[:WARM_UP], everybody[WARM_UP:]
    seen: dict[str, float] = {}
    listening = asyncio.create_task(_listen(stack, seen))
    await asyncio.sleep(2)
    await _post_dangers(stack, warm_up)
    await _all_rang(seen, warm_up)
    start = time.perf_counter()
    load = await _post_dangers(stack, people)
    await _all_rang(seen, people)
    listening.cancel()
    waits = [seen[person] - (start + n / PER_SECOND) for n, person in enumerate(people) if person in seen]
    _say(f"danger sign -> live inbox at {PER_SECOND}/s ({len(waits)} of {len(people)} rang)", waits)
    print(f"  accepted: {load.statuses}, post p99 {load.percentile(0.99):.0f} ms")


async def _post_dangers(stack: Stack, people: list[str]) -> Load:
    danger = {**BODY, "spo2_percent": 88, "spo2_repeat_percent": 88, "symptoms": ["dyspnoea"]}
    danger["reported_at"] = datetime.now(UTC).isoformat()
    token = stack.token("health_officer")
    posts = [
        request("POST", f"/v1/patients/{person}/reports", danger, token, str(uuid.uuid4()))
        for person in people
    ]
    return await paced(stack.place.ports.f0_monitoring, posts, per_second=PER_SECOND, connections=32)


async def _all_rang(seen: dict[str, float], people: list[str]) -> None:
    for _ in range(100):
        if seen.keys() >= set(people):
            break
        await asyncio.sleep(0.1)


async def _listen(stack: Stack, seen: dict[str, float]) -> None:
    """Read the stream as a page would, but look only for whom an alert is about: the reader shares the machine."""
    headers = {"Authorization": f"Bearer {stack.token('doctor')}"}
    url = f"{stack.address('alerting')}/v1/stream"
    async with (
        httpx.AsyncClient(timeout=None) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        rest = b""
        async for chunk in answer.aiter_raw():
            *whole, rest = (rest + chunk).split(b"\n\n")
            now = time.perf_counter()
            for event in whole:
                for person in PERSON_OF.findall(event):
                    seen.setdefault(person.decode(), now)


async def _f0_to_refusal(stack: Stack) -> None:
    call = caller(stack)
    holders = inhabitants(HOLDERS, seed=9)
    permits = [await _permit(call, person) for person in holders]
    posts = await call.get(f"{call.at.permit}/v1/checkpoints", role="checkpoint_officer", area="19")
    checkpoint = await _checkpoint(call, posts["items"])
    crowd = asyncio.create_task(_background(stack))
    waits = []
    for person, permit in zip(holders, permits, strict=True):
        start = time.perf_counter()
        await call.post(f"{call.at.f0}/v1/patients", _patient(person), role="health_officer", area="19")
        while (await _scan(call, permit, checkpoint))["verdict"] == "allowed":
            await asyncio.sleep(0.005)
        waits.append(time.perf_counter() - start)
    load = await crowd
    _say("F0 declared -> online scan refuses, 50 declarations/s beside it", waits)
    print(f"  beside it: {load.statuses}, p99 {load.percentile(0.99):.0f} ms")
    await call.close()


async def _background(stack: Stack) -> Load:
    people = await declare_patients(stack, 50, seed=11)
    body = {**BODY, "reported_at": datetime.now(UTC).isoformat()}
    token = stack.token("health_officer")
    posts = [
        request("POST", f"/v1/patients/{people[n % 50]}/reports", body, token, str(uuid.uuid4()))
        for n in range(1_000)
    ]
    return await paced(stack.place.ports.f0_monitoring, posts, per_second=50, connections=16)


async def _checkpoint(call: Caller, posts: list[dict[str, Any]]) -> str:
    if not posts:
        body = {"name": "Chốt Thái Nguyên", "commune_code": "05431"}
        await call.put(f"{call.at.permit}/v1/checkpoints/thai-nguyen", body, role="administrator", area="19")
        return "thai-nguyen"
    return str(posts[0]["checkpoint_id"])


async def _permit(call: Caller, person: Person) -> dict[str, Any]:
    now = datetime.now(UTC)
    body = {
        "person": person.form(),
        "category": "worker",
        "purpose": "Đi làm",
        "areas": ["19"],
        "windows": [{"weekdays": [1, 2, 3, 4, 5, 6, 7], "from": "00:00", "to": "23:59"}],
        "valid_from": now.isoformat(),
        "valid_until": (now + timedelta(days=2)).isoformat(),
        "commune_code": person.commune_code,
    }
    return await call.post(f"{call.at.permit}/v1/permits", body, role="permit_officer", area="19")


def _patient(person: Person) -> dict[str, Any]:
    return {
        "person": person.form(),
        "commune_code": person.commune_code,
        "address": "Tổ 1",
        "tested_on": date.today().isoformat(),  # noqa: DTZ011
        "conditions": [],
        "pregnant": False,
        "vaccination_doses": 2,
    }


async def _scan(call: Caller, permit: dict[str, Any], checkpoint: str) -> dict[str, Any]:
    body = {"qr": permit["qr"], "checkpoint_id": checkpoint}
    return await call.post(f"{call.at.permit}/v1/verifications", body, role="checkpoint_officer", area="19")


def _say(name: str, waits: list[float]) -> None:
    ordered = sorted(waits)
    p50, p99 = (ordered[int(len(ordered) * share)] * 1000 for share in (0.5, 0.99))
    print(f"{name}: p50 {p50:.0f} ms, p99 {p99:.0f} ms, worst {ordered[-1] * 1000:.0f} ms")


if __name__ == "__main__":
    main()
