"""An officer's list through the HTTP door: upload, read the answers, mend, upload again, undo, export."""

import io
from typing import Any

import openpyxl
import pytest

from common.sheets.writing import TYPE
from common.testing.sign_in import bearer
from services.quarantine.tests.conftest import Running
from services.quarantine.tests.stay_sheets import KEYS, answers_in, contact, filled, saved

STATION = bearer("health_officer", ("164",), subject="tram-164")
ELSEWHERE = bearer("health_officer", ("172",), subject="tram-172")
UNDO = {"reason": "Nhập nhầm danh sách của xã khác"}


async def upload(running: Running, data: bytes, *, key: str = "", more: str = "", who: Any = STATION) -> Any:
    headers = {**who, "Content-Type": TYPE} | ({"Idempotency-Key": key} if key else {})
    reply = await running.client.post(
        f"/v1/stay-lists?file_name=so.xlsx{more}", content=data, headers=headers
    )
    assert reply.status_code == 202, reply.text
    return reply.json()


async def worked_off(running: Running) -> int:
    rounds = 0
    while await running.service.parts["stay_list_job"].round():
        rounds += 1
    return rounds


async def show(running: Running, list_id: str, who: Any = STATION) -> Any:
    return (await running.client.get(f"/v1/stay-lists/{list_id}", headers=who)).json()


async def answered(running: Running, list_id: str) -> bytes:
    reply = await running.client.get(f"/v1/stay-lists/{list_id}/answers.xlsx", headers=STATION)
    assert reply.status_code == 200, reply.text
    return bytes(reply.content)


async def undo(running: Running, list_id: str, who: Any = STATION) -> Any:
    return await running.client.post(f"/v1/stay-lists/{list_id}/undoing", json=UNDO, headers=who)


def told(running: Running, kind: str) -> int:
    return sum(entry.type == f"quarantine.{kind}.v1" for entry in running.cases.facts())


async def test_a_list_is_answered_row_by_row_and_the_mended_one_doubles_nobody(running: Running) -> None:
    rows = [contact(n) for n in range(1, 411)]
    rows[9] |= {"paper": "12345"}
    first = await upload(running, filled(rows))
    assert (first["status"], first["rows"], first["counts"]["wrong"]) == ("working", 410, 1)
    assert await worked_off(running) == 3
    done = await show(running, first["list_id"])
    assert (done["status"], done["done"]) == ("done", 410)
    assert (done["counts"]["declared"], done["counts"]["wrong"]) == (409, 1)
    sheet = await answered(running, first["list_id"])
    said = answers_in(sheet)
    assert said[14][0] == "CẦN SỬA"
    assert "5 chữ số" in said[14][2]
    assert said[5][0] == "Đã nhập"
    assert "Cách ly đến hết 15/08/2021" in said[5][2]

    book = openpyxl.load_workbook(io.BytesIO(sheet))
    book.worksheets[0].cell(14, KEYS.index("paper") + 1, "019084000010")
    second = await upload(running, saved(book))
    await worked_off(running)
    done = await show(running, second["list_id"])
    assert (done["counts"]["declared"], done["counts"]["repeated"]) == (1, 409)
    assert told(running, "quarantine-ordered") == len(running.cases.aggregates) == 410


@pytest.mark.parametrize("were_kept", [False, True], ids=["before-the-answers", "before-the-tally"])
async def test_a_page_that_is_done_again_after_a_crash_answers_the_same(
    running: Running, were_kept: bool
) -> None:
    made = await upload(running, filled([contact(n) for n in range(1, 11)]))
    job, lists = running.service.parts["stay_list_job"], running.stores.office.lists
    one = await lists.of_id(made["list_id"])
    assert one is not None
    [page] = await lists.pages(made["list_id"], 0, 1)
    lost = await job.taken(one, page)
    if were_kept:
        await lists.keep_pages([page.answered(one.status, lost)])
    facts = len(running.cases.facts())

    await worked_off(running)

    assert len(running.cases.facts()) == facts
    [again] = await lists.pages(made["list_id"], 0, 1)
    assert again.answers == lost
    assert (await show(running, made["list_id"]))["counts"]["declared"] == 10


async def test_the_same_request_again_is_the_same_list_and_names_stay_sealed(running: Running) -> None:
    data = filled([contact(1)])
    assert await upload(running, data, key="k-1234567890") == await upload(running, data, key="k-1234567890")
    await worked_off(running)
    lists: Any = running.stores.office.lists
    kept = repr(lists.aggregates) + repr(lists.kept) + repr(running.cases.aggregates)
    for secret in ("Mẫu", "019084000001", "0912000001", "Tổ 1"):
        assert secret not in kept


async def test_a_list_that_counts_only_as_a_whole_orders_nobody_when_a_row_is_wrong(running: Running) -> None:
    made = await upload(running, filled([contact(1), contact(2, exposure="")]), more="&all_or_nothing=true")
    assert made["status"] == "refused"
    assert await worked_off(running) == 0
    assert running.cases.aggregates == {}
    refusal = await undo(running, made["list_id"])
    assert (refusal.status_code, refusal.json()["type"]) == (409, "urn:la-chan:problem:nothing-to-undo")


async def test_namesakes_are_asked_about_and_taken_once_they_are_said_to_be_two(running: Running) -> None:
    known = contact(1, phone="0912345678")
    await upload(running, filled([known]))
    await worked_off(running)
    twin = known | {"paper": "019084000002"}
    third = contact(3, name="Lê Mẫu Ba", phone="0912345670")
    rows = [twin, third, third | {"paper": "019084000004"}]
    made = await upload(running, filled(rows))
    await worked_off(running)
    said = answers_in(await answered(running, made["list_id"]))
    assert [said[row][0] for row in (5, 6, 7)] == ["CẦN SỬA", "Đã nhập", "CẦN SỬA"]
    assert "Đúng là người khác" in said[5][2]

    made = await upload(running, filled([row | {"confirm": "x"} for row in rows]))
    await worked_off(running)
    assert (await show(running, made["list_id"]))["counts"]["declared"] == 2
    assert len(running.cases.aggregates) == 4


async def test_a_whole_upload_is_undone_except_what_has_ended_otherwise(running: Running) -> None:
    await upload(running, filled([contact(9)]))
    await worked_off(running)
    made = await upload(running, filled([contact(1), contact(2), contact(9), contact(4, paper="1")]))
    await worked_off(running)
    said = answers_in(await answered(running, made["list_id"]))
    died = {"outcome": "died", "reason": "Mất vì bệnh khác"}
    reply = await running.client.post(f"/v1/cases/{said[6][1]}/release", json=died, headers=STATION)
    assert reply.status_code == 200, reply.text

    assert (await undo(running, made["list_id"], ELSEWHERE)).status_code == 404
    assert (await undo(running, made["list_id"])).json()["status"] == "undoing"
    await worked_off(running)

    view = await show(running, made["list_id"])
    assert (view["status"], view["undo_reason"]) == ("undone", UNDO["reason"])
    said = answers_in(await answered(running, made["list_id"]))
    assert [said[row][0] for row in (5, 6, 7, 8)] == ["Đã hủy", "Không hủy được", "Đã có", "CẦN SỬA"]
    assert told(running, "quarantine-ordered") == 3
    assert told(running, "quarantine-ended") == 2
    case = (await running.client.get(f"/v1/cases/{said[5][1]}", headers=STATION)).json()
    assert (case["status"], case["outcome"]) == ("ended", "wrong_entry")


async def test_an_exported_list_sent_back_changes_nothing(running: Running) -> None:
    rows = [
        contact(1, household="Hộ 1", order="1/QĐ", signed="01/08/2021"),
        contact(2, household="Hộ 1", place="Tập trung"),
        contact(3, paper="", birth="05/06/1970", sex="Nữ"),
        contact(4, category="Về từ nơi khác", origin="nước ngoài"),
    ]
    await upload(running, filled(rows))
    await worked_off(running)
    before = {key: stored.state for key, stored in running.cases.aggregates.items()}
    assert len(before) == 4

    reply = await running.client.get("/v1/stay-lists/export.xlsx", headers=STATION)
    sheet = openpyxl.load_workbook(io.BytesIO(reply.content)).active
    assert [cell.value for cell in sheet[2]][-3] == "Ngày hết cách ly"
    made = await upload(running, reply.content)
    await worked_off(running)

    counts = (await show(running, made["list_id"]))["counts"]
    assert (counts["repeated"], sum(counts.values())) == (4, 4)
    assert {key: stored.state for key, stored in running.cases.aggregates.items()} == before
    nothing = await running.client.get("/v1/stay-lists/export.xlsx", headers=ELSEWHERE)
    assert openpyxl.load_workbook(io.BytesIO(nothing.content)).active.max_row == 2


async def test_lists_are_for_officers_only(running: Running) -> None:
    for role in ("citizen", "doctor", "ioc_operator", "checkpoint_officer"):
        who = {**bearer(role, ("164",)), "Content-Type": TYPE}
        assert (await running.client.post("/v1/stay-lists", content=b"x", headers=who)).status_code == 403
    made = await upload(running, filled([contact(1)]))
    reply = await running.client.get(f"/v1/stay-lists/{made['list_id']}", headers=ELSEWHERE)
    assert reply.status_code == 404
