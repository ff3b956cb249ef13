"""An officer's list through the HTTP door: upload, read the answers, mend, upload again, undo."""

import io
from importlib import import_module
from typing import Any

import openpyxl
import pytest

from common.sheets.writing import TYPE
from common.testing.sign_in import bearer

sheets = import_module("services.f0-monitoring.tests.sheets")
filled, ill, answers_in = sheets.filled, sheets.ill, sheets.answers_in
STATION = bearer("health_officer", ("164",), subject="tram-164")
UNDO = {"reason": "Nhập nhầm danh sách của xã khác"}


async def upload(house: Any, data: bytes, *, key: str = "", more: str = "", who: Any = STATION) -> Any:
    headers = {**who, "Content-Type": TYPE} | ({"Idempotency-Key": key} if key else {})
    reply = await house.client.post(
        f"/v1/case-lists?file_name=so-f0.xlsx{more}", content=data, headers=headers
    )
    assert reply.status_code == 202, reply.text
    return reply.json()


async def worked_off(house: Any) -> int:
    rounds = 0
    while await house.app.state.parts["list_job"].round():
        rounds += 1
    return rounds


async def show(house: Any, list_id: str, who: Any = STATION) -> Any:
    return (await house.client.get(f"/v1/case-lists/{list_id}", headers=who)).json()


async def answers(house: Any, list_id: str) -> dict[int, tuple[str, str, str]]:
    return answers_in(await answered(house, list_id))


async def answered(house: Any, list_id: str) -> bytes:
    reply = await house.client.get(f"/v1/case-lists/{list_id}/answers.xlsx", headers=STATION)
    assert reply.status_code == 200, reply.text
    return bytes(reply.content)


async def undo(house: Any, list_id: str, who: Any = STATION) -> Any:
    return await house.client.post(f"/v1/case-lists/{list_id}/undoing", json=UNDO, headers=who)


def told(house: Any, kind: str) -> int:
    return sum(entry.type == f"f0-monitoring.{kind}.v1" for entry in house.patients.facts())


async def test_a_list_is_answered_row_by_row_and_the_mended_one_doubles_nobody(house: Any) -> None:
    rows = [ill(n) for n in range(1, 421)]
    rows[9] |= {"paper": "12345"}
    first = await upload(house, filled(rows))
    assert (first["status"], first["rows"], first["counts"]["wrong"]) == ("working", 420, 1)
    assert await worked_off(house) == 3
    done = await show(house, first["list_id"])
    assert (done["status"], done["done"]) == ("done", 420)
    assert (done["counts"]["declared"], done["counts"]["wrong"]) == (419, 1)
    said = await answers(house, first["list_id"])
    assert said[14][0] == "CẦN SỬA"
    assert "5 chữ số" in said[14][2]
    assert len({number for _, number, _ in said.values() if number}) == 419

    book = openpyxl.load_workbook(io.BytesIO(await answered(house, first["list_id"])))
    at = sheets.KEYS.index("paper") + 1
    book.worksheets[0].cell(14, at, "019084000010")
    second = await upload(house, sheets.saved(book))
    await worked_off(house)
    done = await show(house, second["list_id"])
    assert (done["counts"]["declared"], done["counts"]["repeated"]) == (1, 419)
    assert told(house, "patient-declared") == len(house.patients.aggregates) == 420


@pytest.mark.parametrize("were_kept", [False, True], ids=["before-the-answers", "before-the-tally"])
async def test_a_page_that_is_done_again_after_a_crash_answers_the_same(house: Any, were_kept: bool) -> None:
    made = await upload(house, filled([ill(n) for n in range(1, 11)]))
    job = house.app.state.parts["list_job"]
    case_list = await house.lists.of_id(made["list_id"])
    [page] = await house.lists.pages(made["list_id"], 0, 1)
    lost = await job.taken(case_list, page)
    if were_kept:
        await house.lists.keep_pages([page.answered(case_list.status, lost)])
    facts = len(house.patients.facts())

    await worked_off(house)

    assert len(house.patients.facts()) == facts
    [again] = await house.lists.pages(made["list_id"], 0, 1)
    assert again.answers == lost
    assert (await show(house, made["list_id"]))["counts"]["declared"] == 10


async def test_the_same_request_again_is_the_same_list_and_names_stay_sealed(house: Any) -> None:
    data = filled([ill(1)])
    assert await upload(house, data, key="k-1234567890") == await upload(house, data, key="k-1234567890")
    await worked_off(house)
    kept = repr(house.lists.aggregates) + repr(house.lists.kept) + repr(house.patients.aggregates)
    for secret in ("Mẫu", "019084000001", "0912 345 678", "Tổ 1"):
        assert secret not in kept


async def test_a_list_that_counts_only_as_a_whole_declares_nobody_when_a_row_is_wrong(house: Any) -> None:
    made = await upload(house, filled([ill(1), ill(2, tested="")]), more="&all_or_nothing=true")
    assert made["status"] == "refused"
    assert await worked_off(house) == 0
    assert house.patients.aggregates == {}
    said = await answers(house, made["list_id"])
    assert [said[5][0], said[6][0]] == ["Chưa nhập", "CẦN SỬA"]
    refusal = await undo(house, made["list_id"])
    assert (refusal.status_code, refusal.json()["type"]) == (409, "urn:la-chan:problem:nothing-to-undo")


async def test_a_whole_upload_is_undone_except_where_care_has_gone_on(house: Any) -> None:
    made = await upload(house, filled([ill(1), ill(2), ill(3), ill(4, paper="1")]))
    await worked_off(house)
    said = await answers(house, made["list_id"])
    in_hospital = said[6][1]
    for state in ("transferring", "in_hospital"):
        reply = await house.client.post(
            f"/v1/patients/{in_hospital}/moves",
            json={"to_state": state, "reason": "worsening"},
            headers=STATION,
        )
        assert reply.status_code == 200, reply.text

    assert (await undo(house, made["list_id"])).json()["status"] == "undoing"
    await worked_off(house)

    done = await show(house, made["list_id"])
    assert (done["status"], done["undo_reason"]) == ("undone", UNDO["reason"])
    assert (done["counts"]["undone"], done["counts"]["kept"], done["counts"]["wrong"]) == (2, 1, 1)
    said = await answers(house, made["list_id"])
    assert said[5][0] == said[7][0] == "Đã hủy"
    assert (said[6][0], "đang nằm viện" in said[6][2]) == ("Không hủy được", True)
    assert told(house, "patient-closed") == 2
    states = {key: kept.state for key, kept in house.patients.aggregates.items()}
    assert [p.care.value for p in states.values() if p.person_id != in_hospital] == ["wrongly_declared"] * 2
    assert {p.history[-1].by for p in states.values() if p.is_closed} == {"tram-164"}
    assert (await undo(house, made["list_id"])).status_code == 202
    assert await worked_off(house) == 0

    again = await upload(house, filled([ill(1), ill(2), ill(3)]))
    await worked_off(house)
    assert (await show(house, again["list_id"]))["counts"]["declared"] == 2


@pytest.mark.parametrize("were_kept", [False, True], ids=["before-the-answers", "before-the-tally"])
async def test_a_list_undone_while_it_is_worked_off_leaves_nobody(house: Any, were_kept: bool) -> None:
    made = await upload(house, filled([ill(n) for n in range(1, 421)]))
    job = house.app.state.parts["list_job"]
    await job.round()
    case_list = await house.lists.of_id(made["list_id"])
    [page] = await house.lists.pages(made["list_id"], 1, 1)
    lost = await job.taken(case_list, page)  # killed before it could note the page
    if were_kept:
        await house.lists.keep_pages([page.answered(case_list.status, lost)])
    await undo(house, made["list_id"])
    await worked_off(house)
    done = await show(house, made["list_id"])
    assert done["counts"]["undone"] == 420
    assert {name for name, count in done["counts"].items() if count} == {"undone"}
    assert all(kept.state.is_closed for kept in house.patients.aggregates.values())
    assert (
        told(house, "patient-declared") == told(house, "patient-closed") == 399
    )  # the example is a row, too


async def test_an_old_list_does_not_make_the_recovered_ill_again(house: Any) -> None:
    rows = filled([ill(1), ill(2)])
    made = await upload(house, rows)
    await worked_off(house)
    said = await answers(house, made["list_id"])
    for row, outcome in ((5, "recovered"), (6, "wrongly_declared")):
        body = {"outcome": outcome, "reason": "Hội chẩn: đã khỏi", "override": outcome == "recovered"}
        reply = await house.client.post(f"/v1/patients/{said[row][1]}/closing", json=body, headers=STATION)
        assert reply.status_code == 200, reply.text
    again = await upload(house, rows)
    await worked_off(house)
    said = await answers(house, again["list_id"])
    assert [said[5][0], said[6][0]] == ["Đã có", "Đã có"]
    assert "đã kết thúc" in said[5][2]
    assert "khai báo nhầm" in said[6][2]


async def test_who_sees_a_list(house: Any) -> None:
    made = await upload(house, filled([ill(1)]))
    province = bearer("health_officer", ("19",), subject="tinh")
    other, ward = (bearer("health_officer", (code,), subject=f"o-{code}") for code in ("173", "05434"))
    assert (await show(house, made["list_id"], province))["is_mine"] is False
    for who in (other, ward):
        assert (await house.client.get(f"/v1/case-lists/{made['list_id']}", headers=who)).status_code == 404
        assert (await undo(house, made["list_id"], who)).status_code == 404
        assert (await house.client.get("/v1/case-lists", headers=who)).json()["items"] == []
    assert len((await house.client.get("/v1/case-lists", headers=province)).json()["items"]) == 1


async def test_a_page_of_rows_is_spread_over_the_doctors(house: Any) -> None:
    for number in (1, 2):
        body = {"name": "BS Mẫu", "phone": "0987654321", "district_codes": ["164"], "capacity": 50}
        await house.client.put(f"/v1/doctors/d-{number}", json=body, headers=bearer("administrator"))
    await upload(house, filled([ill(n) for n in range(1, 61)]))
    await worked_off(house)
    assert await house.patients.loads() == {"d-1": 30, "d-2": 30}
