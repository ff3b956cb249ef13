"""Patients for benchmarks, declared through the public API."""

import asyncio
from datetime import date

import numpy as np

from common.geo import Units
from common.oidc_local.minting import Minter
from deploy.local.services import AUDIENCE
from deploy.local.stack import Stack
from tests.load.province.callers import Addresses, Caller
from tests.load.province.people import People, Person
from tests.load.province.world import populations


def addresses(stack: Stack) -> Addresses:
    """Return where the services of *stack* listen."""
    at = stack.address
    return Addresses(
        at("quarantine"), at("f0_monitoring"), at("permit"), at("alerting"), at("ioc_aggregation")
    )


def caller(stack: Stack) -> Caller:
    """Return somebody who can sign in to *stack* as anybody."""
    minter = Minter.from_file(stack.place.key_file, issuer=stack.place.issuer, audience=AUDIENCE)
    return Caller(addresses(stack), minter)


def inhabitants(count: int, seed: int = 1) -> list[Person]:
    """Draw *count* people of the province."""
    drawn = People(populations(Units.load()), date.today(), np.random.default_rng(seed))  # noqa: DTZ011
    return [drawn.household(drawn.commune())[0] for _ in range(count)]


async def declare_patients(stack: Stack, count: int, seed: int = 1) -> list[str]:
    """Declare *count* F0s and return their person ids."""
    call, room = caller(stack), asyncio.Semaphore(32)

    async def declare(person: Person) -> str:
        body = {
            "person": person.form(),
            "commune_code": person.commune_code,
            "address": "Tổ 1",
            "tested_on": date.today().isoformat(),  # noqa: DTZ011
            "conditions": [],
            "pregnant": False,
            "vaccination_doses": 2,
        }
        async with room:
            answer = await call.post(
                f"{call.at.f0}/v1/patients", body, role="health_officer", area="19", key=person.cccd
            )
        return str(answer["person_id"])

    ids = await asyncio.gather(*(declare(person) for person in inhabitants(count, seed)))
    await call.close()
    return list(ids)
