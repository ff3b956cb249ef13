"""A tiny service on memory stores: composition, both doors, sealed people, the access matrix."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, ClassVar

import httpx
import pytest
from fastapi import APIRouter, Query
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from common.clocks import FrozenClock
from common.contracts.quarantine import QuarantineOrdered
from common.http.auth import role_required
from common.http.bodies import Body
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.http.sse import Broadcast
from common.kernel.areas import Actor, Area
from common.kernel.decision import Decision
from common.kernel.errors import Invalid, NotFound
from common.measured import MeasuredWork
from common.people.body import PersonBody
from common.service import Mode, Runtime, Service
from common.settings import ServiceSettings
from common.testing.access import Place, Rule, access_faults
from common.testing.sign_in import bearer, client_of, sample_jwks, sample_settings
from common.work.memory import MemoryStore
from common.work.model import Heart

NOW = datetime(2021, 10, 25, 1, tzinfo=UTC)


class SampleSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="SAMPLE_SERVICE_")


@dataclass(frozen=True)
class Case:
    person_id: str
    area: Area
    sealed: str
    blind: tuple[str, ...]
    ends_on: date


@dataclass(frozen=True)
class OrderQuarantine:
    person_id: str
    area: Area
    sealed: str
    blind: tuple[str, ...]
    last_exposure_on: date

    @property
    def aggregate_id(self) -> str:
        return self.person_id


@dataclass(frozen=True)
class Ordered:
    case: Case

    @property
    def subject(self) -> str:
        return self.case.person_id


class ExposureInFuture(Invalid):
    slug: ClassVar[str] = "exposure-in-future"


def decide(state: Case | None, command: OrderQuarantine, _rules: None, now: datetime) -> Decision[Case]:
    if command.last_exposure_on > now.date():
        raise ExposureInFuture("Ngày tiếp xúc cuối ở tương lai.", field="last_exposure_on")
    case = Case(
        command.person_id,
        command.area,
        command.sealed,
        command.blind,
        command.last_exposure_on + timedelta(days=14),
    )
    return Decision(
        case, (Ordered(case),), answer={"person_id": case.person_id, "ends_on": str(case.ends_on)}
    )


def to_event(fact: Any) -> QuarantineOrdered:
    case: Case = fact.case
    return QuarantineOrdered(
        person_id=case.person_id,
        commune_code=case.area.commune_code,
        district_code=case.area.district_code,
        category="f1",
        place="home",
        last_exposure_on=case.ends_on - timedelta(days=14),
        starts_on=NOW.date(),
        ends_on=case.ends_on,
        protocol="test",
        test_days=(),
    )


class OrderBody(Body):
    person: PersonBody
    commune_code: str = Field(max_length=5)
    last_exposure_on: date


CaseWork = Annotated[MeasuredWork[Case, None], provided("work")]
TheRuntime = Annotated[Runtime, provided("runtime")]
router = APIRouter()


def _depends(*roles: str) -> Any:
    from fastapi import Depends

    return Depends(role_required(*roles))


@router.post("/v1/cases", status_code=201, responses=problems(ExposureInFuture))
async def order(
    body: OrderBody,
    officer: Annotated[Actor, _depends("health_officer")],
    work: CaseWork,
    runtime: TheRuntime,
    cause: IdempotencyCause,
) -> dict[str, Any]:
    area = runtime.units.area_of(body.commune_code)
    officer.require(area)
    person_id = body.person.id_from(runtime.pseudonyms, commune_code=body.commune_code)
    sealed = runtime.vault.seal(body.person.to_seal())
    blind = body.person.blind_tokens(runtime.blind)
    return await work.run(OrderQuarantine(person_id, area, sealed, blind, body.last_exposure_on), cause)


@router.get("/v1/cases/{person_id}", responses=problems(NotFound))
async def show(
    person_id: str,
    actor: Annotated[Actor, _depends("health_officer", "citizen")],
    work: CaseWork,
    runtime: TheRuntime,
) -> dict[str, Any]:
    case = await work.read(person_id)
    if case is None or not (actor.person_id == person_id or actor.covers(case.area)):
        raise NotFound("Không có hồ sơ này trong địa bàn của bạn.")
    await runtime.access_log.note(actor, [person_id], "Xem hồ sơ cách ly")
    return {"person": runtime.vault.open(case.sealed)["full_name"], "ends_on": str(case.ends_on)}


@router.get("/v1/cases")
async def listed(
    actor: Annotated[Actor, _depends("health_officer")],
    runtime: TheRuntime,
    store: Annotated[MemoryStore[Case], provided("store")],
    q: Annotated[str, Query(max_length=100)] = "",
) -> dict[str, Any]:
    wanted = set(runtime.blind.tokens_of_query(q))
    found = await store.load(list(store.aggregates))
    cases = [stored.state for stored in found.values()]
    return {
        "items": [case.person_id for case in cases if actor.covers(case.area) and wanted <= set(case.blind)],
        "next": None,
    }


@router.get("/v1/readings")
async def readings(actor: Annotated[Actor, _depends("citizen")], runtime: TheRuntime) -> list[str]:
    rows = await runtime.access_log.readings_of(actor.person_id or "", limit=10)
    return [f"{row.subject}: {row.purpose}" for row in rows]


def build(settings: SampleSettings) -> Service:
    runtime = Runtime(settings, clock=FrozenClock(NOW), jwks=sample_jwks(), in_memory=True)
    store: MemoryStore[Case] = MemoryStore()
    work = runtime.work(Heart("cases", decide, to_event, lambda: None), store)
    return runtime.service(
        "Mẫu", [router], parts={"work": work, "store": store}, streams=[Broadcast("sample")]
    )


BODY = {
    "person": {
        "full_name": "Trần Thị Mẫu",
        "cccd": "019184000999",
        "birth_year": 1984,
        "sex": "female",
        "phone": "0912 345 678",
    },
    "commune_code": "05431",
    "last_exposure_on": "2021-10-24",
}


@pytest.fixture
def service() -> Service:
    return build(sample_settings(SampleSettings))


@pytest.fixture
async def client(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(service.app(Mode.API)) as ready:
        yield ready


async def test_an_officer_orders_and_reads_and_the_person_sees_who_read(client: httpx.AsyncClient) -> None:
    officer = bearer("health_officer", ["164"], subject="officer-1")
    response = await client.post("/v1/cases", json=BODY, headers=officer)
    assert response.status_code == 201, response.text
    person_id = response.json()["person_id"]
    assert (await client.get(f"/v1/cases/{person_id}", headers=officer)).json() == {
        "person": "Trần Thị Mẫu",
        "ends_on": "2021-11-07",
    }
    citizen = bearer("citizen", [], person_id=person_id)
    assert (await client.get("/v1/readings", headers=citizen)).json() == ["officer-1: Xem hồ sơ cách ly"]


async def test_nothing_clear_reaches_the_state_or_the_facts(
    service: Service, client: httpx.AsyncClient
) -> None:
    await client.post("/v1/cases", json=BODY, headers=bearer("health_officer", ["19"]))
    store = service.runtime.stores[0]
    text = repr(store.aggregates) + repr(store.facts())
    for secret in ("Trần", "Mẫu", "019184000999", "0912", "912345678", "1984"):
        assert secret not in text


@pytest.mark.parametrize(
    "query", ["tran thi mau", "Mẫu", "trần", "0912345678", "+84 912 345 678", "019184000999"]
)
async def test_people_are_found_by_what_an_officer_types(client: httpx.AsyncClient, query: str) -> None:
    officer = bearer("health_officer", ["05431"])
    await client.post("/v1/cases", json=BODY, headers=officer)
    assert len((await client.get("/v1/cases", params={"q": query}, headers=officer)).json()["items"]) == 1
    wrong = await client.get("/v1/cases", params={"q": "nguyen"}, headers=officer)
    assert wrong.json()["items"] == []


async def test_a_repeated_request_gets_the_first_answer_and_one_fact(
    service: Service, client: httpx.AsyncClient
) -> None:
    headers = bearer("health_officer", ["164"], subject="o") | {"Idempotency-Key": "one-and-the-same"}
    answers = [(await client.post("/v1/cases", json=BODY, headers=headers)).json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert len(service.runtime.stores[0].facts()) == 1


@pytest.mark.parametrize(
    ("change", "status", "slug"),
    [
        ({"last_exposure_on": "2031-01-01"}, 422, "exposure-in-future"),
        ({"commune_code": "99999"}, 422, "unknown-commune"),
        ({"commune_code": "05509"}, 403, "outside-your-area"),
    ],
)
async def test_a_refusal_changes_nothing(
    service: Service, client: httpx.AsyncClient, change: dict[str, Any], status: int, slug: str
) -> None:
    response = await client.post("/v1/cases", json=BODY | change, headers=bearer("health_officer", ["164"]))
    assert (response.status_code, response.json()["type"]) == (status, f"urn:la-chan:problem:{slug}")
    assert service.runtime.stores[0].facts() == []


async def test_every_route_role_and_area_is_as_the_table_says(
    service: Service,
) -> None:
    app = service.app(Mode.API)
    async with client_of(app) as client:
        made = await client.post("/v1/cases", json=BODY, headers=bearer("health_officer", ["19"]))
        person_id = made.json()["person_id"]
        officers = frozenset({"health_officer"})
        rules = [
            Rule("POST", "/v1/cases", officers, lambda: {"url": "/v1/cases", "json": BODY}),
            Rule("GET", "/v1/cases", officers, lambda: {"url": "/v1/cases"}, is_filtered=True),
            Rule(
                "GET",
                "/v1/cases/{person_id}",
                officers | {"citizen"},
                lambda: {"url": f"/v1/cases/{person_id}"},
                person_id=person_id,
            ),
        ]
        place = Place(inside=("05431", "164", "19"), outside=("05434", "165", "18"))
        faults = await access_faults(app, client, rules, place)
    assert faults == ["GET /v1/readings is not in the access table"]


async def test_a_worker_answers_operators_only(service: Service) -> None:
    service.runtime.stores.clear()
    app = service.app(Mode.WORKER)
    paths = app.openapi()["paths"]
    assert paths == {}


async def test_a_draining_service_is_unready_but_alive(service: Service, client: httpx.AsyncClient) -> None:
    assert (await client.get("/readyz")).status_code == 200
    service.drain()
    response = await client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "not ready")
    assert (await client.get("/healthz")).status_code == 200
