"""
The permit service killed with -9 while permits are stopped and given back and the lists are being built.

A running scanner follows every change by its chain of hashes and a fresh one takes the full list: both end
with exactly the permits that do not count, none twice and none missing.
"""

import asyncio
import random
from base64 import b64decode
from collections.abc import Iterator

import httpx
import pytest

from common.credential import revocation, serial
from common.credential.keys import VerificationKey
from common.credential.listing import Listing, Mark
from common.credential.revocation import Head
from tests.integration.arena import Arena
from tests.integration.drivers import Permit, Town, now
from tests.integration.services import Services, eventually

HOLDERS, ROUNDS, KILLS = 24, 60, 3
SCANNER = {"role": "checkpoint_officer", "area": "19"}
MARKS = {"suspended": Mark.SUSPENDED, "revoked": Mark.REVOKED}
LISTS = "/v1/revocations"


class Scanner:
    """A device at a checkpoint: verifies each list by the pinned root key and refuses what does not follow."""

    def __init__(self, services: Services, root: VerificationKey, head: Head, listing: Listing) -> None:
        self.services, self.root, self.head, self.listing = services, root, head, listing

    @classmethod
    async def fresh(cls, services: Services) -> "Scanner":
        """Take the full list."""
        trust = await services.get("permit", "/v1/trust-list", **SCANNER)
        root = VerificationKey(b64decode(trust["root"]), now(), now(), now())

        async def first() -> httpx.Response:
            return await services.ask("GET", "permit", f"{LISTS}/full", **SCANNER)

        full = await eventually(first, lambda answer: answer.status_code == 200)
        return cls(services, root, *revocation.read_full(full.content, root))

    async def follow(self) -> None:
        """Take the changes since the last look; nothing while the service is away."""
        try:
            answer = await self.services.ask("GET", "permit", f"{LISTS}/head", **SCANNER)
            newest = revocation.read_head(answer.content, self.root, newest_seen=self.head.sequence)
            if newest.sequence == self.head.sequence:
                return
            span = f"{self.head.sequence + 1}/{newest.sequence}"
            answer = await self.services.ask("GET", "permit", f"{LISTS}/changes/{span}", **SCANNER)
        except httpx.TransportError:
            return
        assert answer.status_code == 200, answer.text
        for signed in _messages(answer.content):
            delta = revocation.read_delta(signed, self.root)
            self.listing, self.head = revocation.apply(self.listing, self.head, delta)

    def stops(self, permits: list[Permit]) -> dict[str, Mark]:
        """Return which of *permits* the device would stop, and why."""
        numbers = [permit.permit_id for permit in permits]
        marks = {n: self.listing.mark_of(serial.cti_of(n)) for n in numbers}
        return {number: mark for number, mark in marks.items() if mark}


def _messages(body: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(body):
        size = int.from_bytes(body[at : at + 4], "big")
        yield body[at + 4 : at + 4 + size]
        at += 4 + size


@pytest.fixture
async def permits(town: Town) -> list[Permit]:
    return await asyncio.gather(*(town.permits.issues(town.somebody()) for _ in range(HOLDERS)))


async def test_a_service_killed_while_it_builds_lists_loses_and_doubles_nothing(
    arena: Arena, services: Services, town: Town, permits: list[Permit]
) -> None:
    running = await Scanner.fresh(services)
    desk, chance = town.permits, random.Random(11)

    async def act(permit: Permit) -> None:
        """Do what may be done to the permit as it stands: stop it, give it back, end it for good."""
        status = (await desk.shows(permit))["status"]
        deeds = {"issued": "suspension", "suspended": chance.choice(("reinstatement", "revocation"))}
        if status in deeds:
            reason = {"reason": "Kiểm tra lại hồ sơ của giấy"}
            path = f"/v1/permits/{permit.permit_id}/{deeds[status]}"
            await services.insist("permit", path, reason, **desk.who)

    async def busy() -> None:
        for _ in range(ROUNDS):
            try:
                await act(chance.choice(permits))
            except httpx.TransportError:
                await asyncio.sleep(0.3)  # between two looks the service was killed
            await running.follow()
            await asyncio.sleep(0.1)

    async def killing() -> None:
        for _ in range(KILLS):
            await asyncio.sleep(chance.uniform(2, 4))
            await arena.kill_and_restart("permit")

    await asyncio.gather(busy(), killing())
    shown = {p.permit_id: (await desk.shows(p))["status"] for p in permits}
    stopped = {number: MARKS[status] for number, status in shown.items() if status in MARKS}
    assert stopped, "nothing was stopped: the story says nothing"

    async def seen() -> dict[str, Mark]:
        await running.follow()
        return running.stops(permits)

    await eventually(seen, lambda marks: marks == stopped)
    newcomer = await Scanner.fresh(services)
    await newcomer.follow()
    assert newcomer.stops(permits) == stopped
    assert newcomer.head == running.head or newcomer.head.list_hash == running.head.list_hash
