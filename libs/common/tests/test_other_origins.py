"""What a page of another origin may read, and what requests without an origin are told."""

from typing import Any

import pytest
from fastapi import APIRouter

from common.http.app import create_app
from common.settings import ServiceSettings
from common.testing.sign_in import client_of, sample_settings

CITIZENS = "https://citizens.example"
ASKED = {"access-control-request-method": "POST", "access-control-request-headers": "idempotency-key"}


@pytest.fixture
def app() -> Any:
    router = APIRouter()

    @router.get("/v1/word")
    async def word() -> str:
        return "x"

    return create_app("Tests", [router], settings=sample_settings(ServiceSettings, citizen_origin=CITIZENS))


@pytest.mark.parametrize(
    ("origin", "may_read"), [(CITIZENS, CITIZENS), ("https://elsewhere.example", None), (None, None)]
)
async def test_one_other_origin_may_read_and_no_cache_mixes_answers_up(app, origin, may_read) -> None:
    headers = {"origin": origin} if origin else {}
    async with client_of(app) as client:
        answer = await client.get("/v1/word", headers=headers)
    assert answer.status_code == 200
    assert answer.headers.get("access-control-allow-origin") == may_read
    assert answer.headers["vary"] == "Origin"


async def test_only_the_citizens_page_may_send(app) -> None:
    async with client_of(app) as client:
        theirs = await client.options("/v1/word", headers={"origin": CITIZENS, **ASKED})
        other = await client.options("/v1/word", headers={"origin": "https://elsewhere.example", **ASKED})
    assert (theirs.status_code, theirs.headers["access-control-allow-origin"]) == (200, CITIZENS)
    assert other.status_code == 400
    assert "access-control-allow-origin" not in other.headers
