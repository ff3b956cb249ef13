"""Every refusal is a problem in Vietnamese that changes nothing and repeats no input."""

from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Query
from pydantic import Field

from common.http.app import create_app
from common.http.bodies import Body
from common.http.pagination import Paging
from common.http.problems import problems
from common.kernel.errors import Invalid, NotFound
from common.people.body import PersonBody


class DatabaseAway(Exception):
    """Stands for a passing fault of the driver."""


class Vitals(Body):
    spo2_percent: int = Field(ge=50, le=100)
    temperature_celsius: float | None = Field(default=None, ge=30, le=45)


class Declaration(Body):
    person: PersonBody
    commune_code: str = Field(pattern=r"^\d{5}$")


router = APIRouter()


@router.post("/v1/vitals", status_code=201, responses=problems(Invalid))
async def take_vitals(body: Vitals) -> Vitals:
    return body


@router.post("/v1/people", status_code=201)
async def take_person(body: Declaration) -> dict[str, object]:
    return {"birth_year": body.person.birth_year, "phone": body.person.phone}


@router.get("/v1/people/{person_id}", responses=problems(NotFound))
async def show_person(person_id: str) -> dict[str, str]:
    raise NotFound("Không có hồ sơ này trong địa bàn của bạn.")


@router.get("/v1/list")
async def show_list(paging: Paging, q: Annotated[str, Query(max_length=5)] = "") -> dict[str, int]:
    paging.after(str, int)
    return {"limit": paging.limit}


@router.get("/v1/broken")
async def break_down() -> None:
    raise RuntimeError("secret 0912345678")


@router.get("/v1/away")
async def be_away() -> None:
    raise DatabaseAway


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = create_app("Thử", [router], transient=(DatabaseAway,))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as ready:
        yield ready


def _is_problem(response: httpx.Response, status: int, slug: str) -> dict[str, object]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = response.json()
    assert body["type"] == f"urn:la-chan:problem:{slug}"
    assert body["status"] == status
    assert body["detail"]
    assert body["correlation_id"] == response.headers["x-correlation-id"]
    return body


async def test_an_impossible_vital_sign_is_named_with_its_limit(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/vitals", json={"spo2_percent": 130, "temperature_celsius": 370})
    body = _is_problem(response, 422, "invalid-input")
    assert body["errors"] == [
        {"field": "spo2_percent", "message": "Không được quá 100."},
        {"field": "temperature_celsius", "message": "Không được quá 45."},
    ]


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (b'{"spo2_percent": ', 400, "broken-json"),
        (b'{"spo2_percent": 97, "extra": 1}', 422, "invalid-input"),
        (b'{"spo2_percent": 97, "temperature_celsius": NaN}', 422, "invalid-input"),
        (b"[1]", 422, "invalid-input"),
        (b"", 422, "invalid-input"),
        (b"\xff\xfe\xfa", 400, "bad-request"),
        (b"[" * 60_000, 400, "bad-request"),
        (b'{"spo2_percent":' + b"9" * 5_000 + b"}", 400, "bad-request"),
    ],
)
async def test_a_body_that_is_no_declaration_is_refused(
    client: httpx.AsyncClient, content: bytes, status: int, slug: str
) -> None:
    response = await client.post("/v1/vitals", content=content, headers={"content-type": "application/json"})
    assert response.headers["content-type"] == "application/problem+json"
    assert response.status_code in {status, 400, 422}


async def test_a_form_that_is_not_json_is_told_so(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/vitals", content="spo2=97", headers={"content-type": "text/plain"})
    _is_problem(response, 415, "not-json")


async def test_an_oversized_body_is_refused_by_its_announced_length(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/vitals", content=b"x" * 70_000)
    _is_problem(response, 413, "body-too-large")


async def test_an_oversized_body_is_refused_while_it_streams(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 8_000

    response = await client.post("/v1/vitals", content=chunks(), headers={"content-type": "application/json"})
    _is_problem(response, 413, "body-too-large")


async def test_a_cccd_that_contradicts_the_sex_names_the_field_and_hides_the_number(
    client: httpx.AsyncClient,
) -> None:
    person = {"full_name": "Trần Thị Mẫu", "cccd": "019184000999", "birth_year": 1984, "sex": "male"}
    response = await client.post("/v1/people", json={"person": person, "commune_code": "05431"})
    body = _is_problem(response, 422, "invalid-input")
    assert [error["field"] for error in body["errors"]] == ["person.cccd"]  # type: ignore[attr-defined]
    assert "nữ" in str(body["detail"])
    assert "019184000999" not in response.text


async def test_a_refusal_of_the_domain_has_its_own_type(client: httpx.AsyncClient) -> None:
    _is_problem(await client.get("/v1/people/p1"), 404, "not-found")


async def test_what_does_not_exist_and_wrong_methods_are_problems_too(client: httpx.AsyncClient) -> None:
    _is_problem(await client.get("/v1/nothing"), 404, "no-such-page")
    _is_problem(await client.delete("/v1/vitals"), 405, "method-not-allowed")


async def test_a_foreign_cursor_and_a_long_query_are_refused(client: httpx.AsyncClient) -> None:
    _is_problem(await client.get("/v1/list", params={"cursor": "bm9uc2Vuc2U"}), 422, "bad-cursor")
    _is_problem(await client.get("/v1/list", params={"limit": "1000", "q": "abcdef"}), 422, "invalid-input")


async def test_an_unexpected_fault_tells_nothing_but_the_id_to_ask_with(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/broken")
    _is_problem(response, 500, "internal-fault")
    assert "0912345678" not in response.text


async def test_a_passing_fault_asks_to_come_back(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/away")
    _is_problem(response, 503, "temporarily-unavailable")
    assert response.headers["retry-after"] == "2"


async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/v1/nothing", "/v1/list"):
        response = await client.get(path)
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"


async def test_documentation_pages_that_load_from_elsewhere_are_off(client: httpx.AsyncClient) -> None:
    assert (await client.get("/docs")).status_code == 404
    document = (await client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert "Problem" in document["components"]["schemas"]
    assert "HTTPValidationError" not in str(document)
    assert document["security"] == [{"bearer": []}]
    for operation in (operation for path in document["paths"].values() for operation in path.values()):
        for status in ("401", "403", "422"):
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"]


async def test_metrics_count_by_route_template_and_never_by_person(client: httpx.AsyncClient) -> None:
    await client.get("/v1/people/p-very-private")
    text = (await client.get("/metrics")).text
    assert 'route="/v1/people/{person_id}"' in text
    assert "p-very-private" not in text


async def test_readiness_names_what_does_not_answer(client: httpx.AsyncClient) -> None:
    assert (await client.get("/readyz")).json() == {"status": "ready", "checks": []}
