"""What is wrong is answered as a problem in Vietnamese that names the field, and nothing has changed."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from common.contracts import permit
from common.kernel.areas import Area
from common.oidc_local.minting import Minter
from deploy.local import services as local
from deploy.local.stack import Stack
from tests.integration.drivers import (
    Permit,
    Town,
)
from tests.integration.facts import FactLog
from tests.integration.raw_documents import connected, documents_about, sizes
from tests.integration.services import Services
from tests.integration.settled import settled
from tests.integration.wrong_requests import TABLE, Known, Wrong

TYPE = "urn:la-chan:problem:"


@pytest.fixture(scope="module")
def known(seeded: Stack, unused_communes: Iterator[Area]) -> Known:
    """Return an F0, an F1 and a permit holder whose facts have been heard everywhere."""

    async def prepare() -> Known:
        services = Services(seeded)
        town = Town(services, next(unused_communes))
        ill, f1, holder = town.somebody(), town.somebody(), town.somebody()
        await town.officer.declares(ill)
        await town.officer.quarantines(f1)
        paper = await town.permits.issues(holder)
        async with FactLog(seeded.place.kafka_bootstrap) as log:
            await settled(log)
        await services.close()
        minter = Minter.from_file(seeded.place.key_file, issuer=seeded.place.issuer, audience=local.AUDIENCE)
        return Known(town.area, ill, f1, holder, paper, minter)

    return asyncio.run(prepare())


async def send(stack: Stack, wrong: Wrong, known: Known, correlation: str) -> httpx.Response:
    token = wrong.token(known) if wrong.token else None
    if token is None:
        areas = (wrong.area(known),) if wrong.area(known) else ()
        token = stack.token(wrong.role, areas=areas, person_id=wrong.person(known) or None)
    headers = {"Content-Type": "application/json", "X-Correlation-ID": correlation, **dict(wrong.headers)}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    content = wrong.raw or json.dumps(wrong.body(known)).encode()
    async with httpx.AsyncClient(timeout=30) as client:
        return await client.post(
            stack.address(wrong.service) + wrong.path(known), content=content, headers=headers
        )


@pytest.mark.parametrize("wrong", TABLE, ids=str)
async def test_wrong_input_is_told_and_changes_nothing(
    seeded: Stack, known: Known, log: FactLog, wrong: Wrong
) -> None:
    uri, correlation = seeded.place.mongo_uri, f"wrong-{uuid.uuid4()}"
    subjects = [known.patient.person_id, known.contact.person_id, known.holder.person_id]
    before = await seen(uri, subjects)

    answer = await send(seeded, wrong, known, correlation)

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (wrong.status, TYPE + wrong.slug), problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["correlation_id"] == correlation
    assert any(ord(letter) > 127 for letter in problem["title"] + problem["detail"]), "not in Vietnamese"
    assert wrong.says.lower() in json.dumps(problem, ensure_ascii=False).lower()
    if wrong.field:
        assert wrong.field in [fault["field"] for fault in problem["errors"]]
    assert await seen(uri, subjects) == before
    caused = [r for r in await log.read() if dict(r.headers).get("ce_correlationid") == correlation.encode()]
    assert caused == []


async def seen(uri: str, subjects: list[str]) -> Any:
    """Return what MongoDB holds of these people, and how much of everything."""
    async with connected(uri) as client:
        return await documents_about(client, subjects), await sizes(client)


def tampered(paper: Permit) -> str:
    place = len(paper.qr) // 2
    other = "A" if paper.qr[place] != "A" else "B"
    return paper.qr[:place] + other + paper.qr[place + 1 :]


def signature_of_another(paper: Permit) -> str:
    return paper.qr[:-12] + ("0" * 12 if not paper.qr.endswith("0" * 12) else "1" * 12)


@pytest.fixture
async def client(seeded: Stack) -> AsyncIterator[Services]:
    services = Services(seeded)
    yield services
    await services.close()


@pytest.mark.parametrize(
    ("forge", "reasons"),
    [
        (tampered, {"bad-signature", "damaged", "unknown-key", "bad-claims"}),
        (signature_of_another, {"bad-signature", "damaged"}),
        (lambda paper: "https://example.invalid/permit/1", {"foreign"}),
        (lambda paper: "HC1:6BFOXN%TS3DHPVO13J", {"foreign"}),
        (lambda paper: "", {"foreign", "damaged"}),
        (lambda paper: paper.qr[:40], {"damaged"}),
    ],
    ids=["tampered", "signature", "address", "health certificate", "empty", "cut off"],
)
async def test_a_forged_code_is_refused_recorded_and_tells_nothing_of_anybody(
    known: Known, client: Services, log: FactLog, forge: Callable[[Permit], str], reasons: set[str]
) -> None:
    town = Town(client, known.area)
    before = await town.permits.shows(known.paper)

    said = await town.checkpoint.scans(forge(known.paper))

    assert said["verdict"] == "refused"
    assert said["reason_code"] in reasons
    assert said["shown"] is None
    assert said["person"] is None
    assert not [secret for secret in known.holder.secrets() if secret in json.dumps(said, ensure_ascii=False)]
    scans = [s for s in await log.of(permit.PermitScanned) if s.data.scan_id == said["scan_id"]]
    assert all(scan.data.person_id is None for scan in scans)
    assert await town.permits.shows(known.paper) == before
