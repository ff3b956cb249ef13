"""Statistics folded from the service's own facts, through the door people use."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pypdfium2
import pytest

from common.testing.sign_in import bearer
from services.quarantine.tests.conftest import Running
from services.quarantine.tests.test_papers import body

DISTRICT = bearer("health_officer", ("164",), subject="tt-164")
OPERATOR = bearer("ioc_operator", ("19",))
OTHER_DISTRICT = bearer("health_officer", ("172",))


async def act(running: Running, path: str, json: Any, who: Any = DISTRICT) -> Any:
    reply = await running.client.post(path, json=json, headers=who)
    assert reply.is_success, reply.text
    return reply.json()


async def told(running: Running) -> None:
    await running.relay()
    await running.consume()


async def shown(running: Running, query: str = "", who: Any = DISTRICT) -> Any:
    reply = await running.client.get(f"/v1/statistics{query}", headers=who)
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.fixture
async def week(running: Running, local: Any) -> list[str]:
    """Three people in two communes: one declares each day, one never, one was entered by mistake."""
    people = []
    for number, commune in ((1, "05443"), (2, "05443"), (3, "05434")):
        made = await act(running, "/v1/cases", body(number, commune_code=commune))
        people.append(str(made["person_id"]))
    await act(
        running,
        f"/v1/cases/{people[2]}/release",
        {"outcome": "wrong_entry", "reason": "Nhập nhầm người"},
    )
    for day in range(2, 5):
        running.clock.set(local(f"2021-08-0{day}T10:00"))
        for minute in (0, 5):
            at = running.clock.now() + timedelta(minutes=minute - 10)
            report = {"reported_at": at.isoformat(), "declared_by": "officer", "symptoms": []}
            await act(running, f"/v1/cases/{people[0]}/reports", report)
        await told(running)
        running.clock.set(local(f"2021-08-0{day}T18:00"))
        await running.fire()
        await told(running)
    return people


async def test_the_figures_of_a_week_are_those_of_its_facts(running: Running, week: list[str]) -> None:
    view = await shown(running)
    assert [line["area_code"] for line in view["items"]] == ["05434", "05443"]
    mistaken, ward = view["items"]
    assert (ward["in_quarantine"], ward["ordered"], ward["ended"]) == (2, 2, 0)
    assert (ward["missed"], ward["missed_percent"], ward["reports"]) == (3, 50.0, 6)
    assert (ward["contacted"], ward["contacted_in_a_day"]) == (1, 1)
    assert ward["first_contact_hours"] == pytest.approx(1.8, abs=0.1)
    assert (mistaken["in_quarantine"], mistaken["ordered"], mistaken["ended_as"]["wrong_entry"]) == (0, 1, 1)
    total = view["total"]
    assert (total["in_quarantine"], total["ordered"], total["ended"], total["missed"]) == (2, 3, 1, 3)


async def test_facts_that_come_again_count_once(running: Running, week: list[str]) -> None:
    before = (await shown(running))["total"]
    await running.consume()
    await running.consume()
    assert (await shown(running))["total"] == before


async def test_a_period_counts_its_own_days_and_stocks_stand_at_its_end(
    running: Running, week: list[str]
) -> None:
    later = (await shown(running, "?first_day=2021-08-03&last_day=2021-08-04"))["total"]
    assert (later["ordered"], later["missed"], later["in_quarantine"], later["reports"]) == (0, 2, 2, 4)
    before = (await shown(running, "?first_day=2021-07-01&last_day=2021-08-01"))["total"]
    assert (before["ordered"], before["in_quarantine"], before["missed_percent"]) == (0, 0, None)


async def test_districts_areas_and_readers_bound_what_is_seen(running: Running, week: list[str]) -> None:
    [line] = (await shown(running, "?level=district", OPERATOR))["items"]
    assert (line["area_code"], line["ordered"]) == ("164", 3)
    one = await shown(running, "?area_code=05434")
    assert [line["area_code"] for line in one["items"]] == ["05434"]
    assert (await shown(running, "", OTHER_DISTRICT))["items"] == []
    assert (await shown(running, "?area_code=05434", OTHER_DISTRICT))["items"] == []
    for role in ("citizen", "checkpoint_officer", "employer", "permit_officer"):
        reply = await running.client.get("/v1/statistics", headers=bearer(role, ("19",)))
        assert reply.status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "?first_day=2021-08-05&last_day=2021-08-02",
        "?last_day=2021-12-31",
        "?first_day=2019-01-01&last_day=2021-08-02",
    ],
)
async def test_periods_that_cannot_be_are_refused(running: Running, query: str) -> None:
    reply = await running.client.get(f"/v1/statistics{query}", headers=DISTRICT)
    assert (reply.status_code, reply.json()["type"]) == (422, "urn:la-chan:problem:period-impossible")


async def test_the_files_say_what_the_page_says(running: Running, week: list[str]) -> None:
    replies = {
        kind: await running.client.get(f"/v1/statistics.{kind}", headers=DISTRICT)
        for kind in ("xlsx", "csv", "pdf")
    }
    assert {reply.status_code for reply in replies.values()} == {200}
    sheet = openpyxl.load_workbook(io.BytesIO(replies["xlsx"].content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert [row[:5] for row in rows][1] == ["05443", "Phường Trưng Vương, Thành phố Thái Nguyên", 2, 2, 0]
    assert rows[-1][1:5] == ["Tổng cộng", 2, 3, 1]
    text = replies["csv"].content.decode("utf-8-sig").splitlines()
    assert text[0].startswith("Mã,Địa bàn,Đang cách ly")
    assert len(text) == 4
    [page] = pypdfium2.PdfDocument(replies["pdf"].content)
    words = page.get_textpage().get_text_range()
    assert "THỐNG KÊ CÁCH LY Y TẾ, 22/07/2021 - 04/08/2021" in words
    assert "50,0" in words
