"""
A new version is rolled out at noon: every service runs twice, and each process is stopped and started again.

People go on declaring through a door that does what the gateway does: it asks the processes in turn, and asks
the other one when a process is gone or going (connection lost, 503), with the same key. Nothing that was
answered may be lost or done twice, and nobody may be told that it failed.
"""

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from common.contracts import permit, quarantine
from deploy.local import seed
from deploy.local.stack import Servers, Stack
from tests.integration.burst import Burst, Patient, same
from tests.integration.drivers import Town
from tests.integration.facts import FactLog
from tests.integration.figures import ioc
from tests.integration.people import communes
from tests.integration.rollout import PAUSE_SECONDS, PROCESSES, STOP_SECONDS, TRIES, doubled, replaced
from tests.integration.services import Services

PEOPLE_A_STEP, REPORTS = 4, 3
PACE_SECONDS = 0.1


class Gateway(Services):
    """Asks the processes of a service in turn; what one cannot answer now the next one is asked."""

    def __init__(self, stack: Stack, doubles: dict[str, int]) -> None:
        super().__init__(stack)
        self._turns = {
            name: itertools.cycle([stack.address(name), f"http://127.0.0.1:{port}"])
            for name, port in doubles.items()
        }
        self.answered, self.asked_again = Counter[str](), Counter[str]()
        self.failed: list[str] = []

    async def ask(
        self, method: str, service: str, path: str, body: Any = None, **more: Any
    ) -> httpx.Response:
        """Ask until one process answers; what is not repeatable is sent again only if it was not sent."""
        who = {name: more.pop(name, "") for name in ("role", "area", "person_id")}
        key = more.pop("key", "")
        headers = {
            "Authorization": f"Bearer {self.token(**who)}",
            **({"Idempotency-Key": key} if key else {}),
        }
        fault = ""
        for attempt in range(TRIES):
            address = next(self._turns[service])
            try:
                answer = await self._client.request(
                    method, f"{address}{path}", json=body, headers=headers, **more
                )
            except httpx.ConnectError as error:
                fault = repr(error)
            except httpx.TransportError as error:
                fault = repr(error)
                if not key and method != "GET":
                    break
            else:
                if answer.status_code != 503:
                    self.answered[service] += 1
                    if answer.status_code >= 500:
                        self.failed.append(f"{method} {service}{path}: {answer.status_code}")
                    return answer
                fault = "503"
            self.asked_again[service] += 1
            if attempt % 2:
                await asyncio.sleep(PAUSE_SECONDS)
        self.failed.append(f"{method} {service}{path}: {fault}")
        raise httpx.ConnectError(fault)


class Noon(Burst):
    """A burst in steps, one for each process that is replaced; quarantine and checkpoints go on beside it."""

    def __init__(self, services: Services, areas: Iterator[Any], steps: int) -> None:
        super().__init__(services, areas, people=PEOPLE_A_STEP * steps, reports=REPORTS)
        self.other = Town(services, next(areas))
        self.check_ins: list[str] = []
        self.scans: list[str] = []
        self._turn = {id(patient): number for number, patient in enumerate(self.patients)}
        self._steps = [asyncio.Event() for _ in range(steps)]

    def begins(self, step: int) -> None:
        """Let the next few people get ill."""
        self._steps[step].set()

    async def _live(self, patient: Patient) -> None:
        await self._steps[self._turn[id(patient)] // PEOPLE_A_STEP].wait()
        await super()._live(patient)

    async def _figures(self) -> dict[str, int]:
        """Leave out the permits of those who only travelled."""
        figures = await super()._figures()
        return {**figures, "permits_active": figures["permits_active"] - len(self.scans)}

    async def beside(self) -> None:
        """Order quarantines, check in, issue and scan permits, until it is over."""
        while not self.is_over:
            contact, traveller = self.other.somebody(), self.other.somebody()
            await self.other.officer.quarantines(contact, confirm=True)
            receipt = await self.other.citizen.checks_in(contact)
            self.check_ins.append(receipt["report_id"])
            paper = await self.other.permits.issues(traveller)
            await self.other.checkpoint.scans(paper)
            self.scans.append(paper.permit_id)
            await asyncio.sleep(PACE_SECONDS)


@pytest.mark.mongo
@pytest.mark.kafka
async def test_a_rollout_at_noon_loses_doubles_and_refuses_nothing(
    own_servers: Servers, tmp_path: Path
) -> None:
    stack, doubles = doubled(own_servers)
    stops: dict[str, float] = {}
    try:
        stack.start()
        await asyncio.to_thread(stack.wait_ready)
        assert not [step for step in seed.seed(stack) if "FAILED" in step]
        gateway = Gateway(stack, doubles)
        async with FactLog(own_servers.kafka.bootstrap) as log:
            noon = Noon(gateway, iter(communes()), len(PROCESSES))
            await noon.prepare(log)
            beside = asyncio.create_task(noon.beside())
            people = asyncio.create_task(noon.play())
            for step, name in enumerate(PROCESSES):
                noon.begins(step)
                stops[name] = await replaced(stack.children[name])
            await people
            noon.is_over = True
            await beside
            told = f"asked again {dict(gateway.asked_again)} of {dict(gateway.answered)}; stops {stops}"
            print(told)
            assert gateway.failed == [], told
            assert len(noon.accepted) == len(PROCESSES) * PEOPLE_A_STEP * REPORTS
            await noon.nothing_is_lost_or_doubled(log)
            await nobody_beside_is_lost(noon, log)
            assert (await ioc(stack, "replay"))["equal"]
        await gateway.close()
    finally:
        stack.stop()
    assert max(stops.values()) < STOP_SECONDS, stops


async def nobody_beside_is_lost(noon: Noon, log: FactLog) -> None:
    reported = {event.id: event.data.report_id for event in await log.of(quarantine.HealthReported)}
    same(Counter(reported.values()), Counter(noon.check_ins))
    scanned = {event.id: event.data.permit_id for event in await log.of(permit.PermitScanned)}
    same(Counter(scanned.values()), Counter(noon.scans))
