"""Shifts, overrides and emergencies: told late, twice or in the wrong order, and read by supervisors."""

from datetime import timedelta
from typing import Any

import pytest

from services.permit.tests.conftest import Province
from services.permit.tests.samples import HOUR, NOW


def act(number: int, what: str = "let-pass", **more: Any) -> dict[str, Any]:
    reason = {"let-pass": "on-the-way-home", "turned-back": "paper-doubtful", "emergency": "urgent-care"}
    sample = {
        "action_id": f"thiet-bi-mau-{number}",
        "act": what,
        "checkpoint_id": "thai-nguyen",
        "acted_at": (NOW - timedelta(minutes=number)).isoformat(),
        "told": "just-expired",
    }
    return {**sample, **({"reason_code": reason[what]} if what in reason else {}), **more}


async def tell(province: Province, *items: dict[str, Any], **who: Any) -> list[str]:
    reply = await province.post("/v1/gate-actions", {"items": list(items)}, "checkpoint_officer", **who)
    assert reply.status_code == 200, reply.text
    return [row["outcome"] for row in reply.json()["items"]]


async def shift(province: Province, shift_id: str = "ca-truc-mau-1", **body: Any) -> Any:
    from common.testing.sign_in import bearer

    sample = {"checkpoint_id": "thai-nguyen", "opened_at": (NOW - 8 * HOUR).isoformat(), **body}
    return await province.client.put(
        f"/v1/shifts/{shift_id}", json=sample, headers=bearer("checkpoint_officer")
    )


async def test_what_officers_did_is_recorded_once_in_any_order(province: Province) -> None:
    items = [act(1), act(2, "emergency", plate="20C-123.45", note="Xe chở sản phụ"), act(3, "matched")]
    assert await tell(province, items[2], items[0]) == ["recorded", "recorded"]
    assert await tell(province, *items, items[0]) == ["duplicate", "recorded", "duplicate", "duplicate"]
    assert await tell(province, act(4, checkpoint_id="khong-co")) == ["refused"]
    facts = province.facts("gate_actions")
    assert sorted(fact.type for fact in facts) == ["permit.gate-action-taken.v1"] * 2
    assert all(fact.subject == "thai-nguyen" for fact in facts)
    assert not any("sản phụ" in fact.data or "20C" in fact.data for fact in facts)
    assert "sản phụ" not in repr(province.stores.gate_actions.rows)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason_code": None},
        {"reason_code": "paper-doubtful"},
        {"reason_code": "other", "note": "vì"},
        {"act": "arrested"},
        {"acted_at": "hôm nay"},
    ],
)
async def test_an_override_needs_a_reason_that_fits(province: Province, wrong: dict[str, Any]) -> None:
    reply = await province.post("/v1/gate-actions", {"items": [{**act(1), **wrong}]}, "checkpoint_officer")
    assert reply.status_code == 422
    assert province.stores.gate_actions.rows == {}


async def test_supervisors_read_the_log_of_their_area_and_officers_their_own(province: Province) -> None:
    await tell(province, act(1), act(2, "matched"), act(3, "differed"), subject="can-bo-a")
    await tell(province, act(4, "emergency", note="Xe cứu hộ cầu"), subject="can-bo-b")

    async def read(role: str, areas: tuple[str, ...] = ("19",), query: str = "", **who: Any) -> Any:
        return (await province.get(f"/v1/gate-actions{query}", role, areas, **who)).json()

    log = await read("leader")
    assert [row["act"] for row in log["items"]] == ["let-pass", "differed", "emergency"]
    assert log["items"][2]["note"] == "Xe cứu hộ cầu"
    assert log["items"][0]["told"] == "just-expired"
    assert (await read("leader", ("172",)))["items"] == []
    mine = await read("checkpoint_officer", subject="can-bo-b")
    assert [row["act"] for row in mine["items"]] == ["emergency"]
    first = await read("leader", query="?limit=1")
    rest = await read("leader", query=f"?limit=5&cursor={first['next']}")
    assert [row["act"] for row in first["items"] + rest["items"]] == ["let-pass", "differed", "emergency"]


async def test_supervisors_see_overrides_and_emergencies_by_checkpoint_and_reason(province: Province) -> None:
    await tell(province, act(1), act(2), act(3, "emergency", note="Xe chở sản phụ"), act(4, "matched"))
    yesterday = {"checkpoint_id": "phu-binh", "acted_at": (NOW - 25 * HOUR).isoformat()}
    await tell(province, act(5, "emergency", **yesterday))
    await tell(province, act(6, "turned-back", checkpoint_id="phu-binh"))
    seen = (await province.get("/v1/gate-actions/summary", "leader")).json()
    assert [(post["checkpoint_id"], post["acts"]) for post in seen["posts"]] == [
        ("thai-nguyen", {"let-pass": 2, "emergency": 1}),
        ("phu-binh", {"turned-back": 1}),
    ]
    assert seen["posts"][0]["reasons"] == {"on-the-way-home": 2, "urgent-care": 1}
    assert [row["act"] for row in seen["recent"]] == ["let-pass", "let-pass", "emergency", "turned-back"]
    assert seen["recent"][2]["note"] == "Xe chở sản phụ"
    elsewhere = (await province.get("/v1/gate-actions/summary", "leader", ("173",))).json()
    assert [post["checkpoint_id"] for post in elsewhere["posts"]] == ["phu-binh"]
    for role in ("checkpoint_officer", "permit_officer", "citizen", "ioc_operator"):
        assert (await province.get("/v1/gate-actions/summary", role)).status_code == 403


async def test_a_shift_is_handed_over_with_its_counts_and_what_the_centre_received(
    province: Province,
) -> None:
    qr = (await province.apply()).json()["qr"]
    assert (await shift(province)).json()["closed_at"] is None
    await province.scan(qr=qr)
    await province.scan(qr="https://example.org")
    counts = {"allowed": 2, "refused": 1}
    closing = {"closed_at": NOW.isoformat(), "counts": counts, "note": "Cầu Gia Bảy đang sửa"}
    closed = (await shift(province, **closing)).json()
    assert closed["counts"] == {**counts, "check": 0, "overridden": 0, "emergencies": 0}
    assert closed["received"] == 2  # one is still on the device
    assert (await shift(province)).json() == closed
    assert (await shift(province, **{**closing, "note": "khác"})).json() == closed
    [seen] = (await province.get("/v1/shifts", "leader")).json()["items"]
    assert seen == closed
    assert "Gia Bảy" not in repr(province.stores.shifts.aggregates)


async def test_a_handover_that_arrives_before_its_beginning_stays(province: Province) -> None:
    closed = (await shift(province, closed_at=(NOW + HOUR).isoformat())).json()
    assert closed["closed_at"] == NOW.isoformat().replace(
        "+00:00", "Z"
    )  # it cannot end later than it was told
    assert (await shift(province)).json()["closed_at"] == closed["closed_at"]


async def test_a_shift_needs_a_checkpoint_of_ones_own_area_and_an_end_after_its_beginning(
    province: Province,
) -> None:
    assert (await shift(province, checkpoint_id="khong-co")).status_code == 404
    assert (await shift(province, closed_at=(NOW - 9 * HOUR).isoformat())).status_code == 422
