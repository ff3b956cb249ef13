"""The report of a day: equal to the wall, honest about small numbers, and out of reach of other areas."""

import io
import json
from datetime import date, datetime, time, timedelta
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from common.geo import Units
from common.kernel.clock import VIETNAM
from common.testing.sign_in import bearer
from ioc_aggregation.app import tree_of
from ioc_aggregation.domain.report import COLUMNS, Line, Report
from ioc_aggregation.domain.slots import day_of, latest_slot, read_hours
from ioc_aggregation.domain.suppression import LEAST_TOLD, OF_PEOPLE, public

api = import_module("services.ioc-aggregation.tests.test_api")
NOW, OPERATOR, THERE, declared = api.NOW, api.OPERATOR, api.THERE, api.declared
TREE = tree_of(Units.load())


@pytest.fixture
async def told(running):
    """Yesterday seven F0 in one commune and two in another district; today one more."""
    yesterday = NOW - timedelta(days=1)
    await running.tell(
        *(declared(f"p-{n}", at=yesterday) for n in range(7)),
        *(declared(f"q-{n}", at=yesterday, where=THERE) for n in range(2)),
        declared("p-9"),
    )
    return running


async def test_a_report_is_of_the_whole_day_and_equals_the_series(told):
    report = await told.get("/v1/reports/daily", OPERATOR)
    assert report["day"] == "2022-01-09"
    assert (report["total"]["values"]["f0_new"], report["total"]["values"]["f0_active"]) == (9, 9)
    lines = {line["code"]: line["values"] for line in report["lines"]}
    assert (lines["164"]["f0_new"], lines["173"]["f0_new"], len(lines)) == (7, 2, 9)
    for metric in ("f0_new", "f0_active", "scans"):
        points = await told.get(f"/v1/areas/19/series?metric={metric}&days=2", OPERATOR)
        assert points["items"][0]["value"] == report["total"]["values"][metric]
    assert [(day["day"], day["f0_new"]) for day in report["trend"][-2:]] == [
        ("2022-01-08", 0),
        ("2022-01-09", 9),
    ]
    today = await told.get("/v1/reports/daily?day=2022-01-10&area=164", OPERATOR)
    assert today["is_of_today"]
    assert today["yesterday"]["f0_new"] == 7
    assert {line["code"]: line["values"]["f0_new"] for line in today["lines"]}["05431"] == 1


async def test_the_public_version_names_nobody(told):
    report = await told.get("/v1/reports/daily?version=public", OPERATOR)
    lines = {line["code"]: line["values"]["f0_new"] for line in report["lines"]}
    assert report["total"]["values"]["f0_new"] == 9
    assert lines["173"] is None
    assert lines["164"] is None, "with one number missing it is the difference"
    assert lines["165"] == 0
    assert any("không công bố" in note for note in report["notes"])


async def test_files_hold_the_same_figures(told):
    book = await told.client.get("/v1/reports/daily.xlsx?version=public", headers=OPERATOR)
    assert book.status_code == 200
    assert 'filename="bao-cao-cong-khai-19-2022-01-09.xlsx"' in book.headers["content-disposition"]
    sheet = load_workbook(io.BytesIO(book.content))["Báo cáo ngày"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    head, total = rows[0], rows[1]
    assert (head[1], total[1]) == ("Ca mới", 9)
    assert {row[0]: row[1] for row in rows if row[0]}["Huyện Phú Bình"] == f"<{LEAST_TOLD}"
    paper = await told.client.get("/v1/reports/daily.pdf", headers=OPERATOR)
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")


async def test_who_reads_what(told):
    officer = bearer("health_officer", ["05431"])
    own = await told.get("/v1/reports/daily?area=05431", officer)
    assert [line["code"] for line in own["lines"]] == ["05431"]
    for path in ("/v1/reports/daily?area=19", "/v1/reports/daily.pdf?area=173"):
        refused = await told.client.get(path, headers=officer)
        assert refused.json()["type"].rsplit(":", 1)[-1] == "area-unknown"
    assert (await told.client.get("/v1/reports/mails", headers=officer)).status_code == 403
    assert (await told.client.get("/v1/reports/daily")).status_code == 401
    assert (await told.client.get("/v1/reports/daily", headers=bearer("citizen", ["19"]))).status_code == 403


async def test_a_day_that_has_not_come_is_refused_with_the_days_there_are(told):
    for day in ("2022-01-11", "2020-01-01"):
        refused = await told.client.get(f"/v1/reports/daily?day={day}", headers=OPERATOR)
        assert refused.status_code == 422
        assert "10/01/2022" in json.dumps(refused.json(), ensure_ascii=False)


def report_with(values: list[int]) -> Report:
    units = TREE.districts
    lines = tuple(Line(unit, dict.fromkeys(COLUMNS, n)) for unit, n in zip(units, values, strict=True))
    every = dict.fromkeys(COLUMNS, sum(values))
    return Report(date(2022, 1, 9), NOW, False, Line(TREE.province, every), lines, every, every, ())


@given(st.lists(st.integers(0, 12), min_size=9, max_size=9))
def test_no_small_number_is_told_nor_left_as_a_difference(values: list[int]) -> None:
    shown = public(report_with(values))
    for name in OF_PEOPLE:
        told = [line.values[name] for line in shown.lines]
        assert all(n is None or n == 0 or n >= LEAST_TOLD for n in told)
        hidden = [n for n, seen in zip(values, told, strict=True) if seen is None]
        if shown.total.values[name] is not None and len(hidden) == 1:
            assert hidden[0] >= LEAST_TOLD
    assert [line.values["scans"] for line in shown.lines] == values


@pytest.mark.parametrize(
    ("now", "slot", "day"),
    [
        ("2022-01-10T05:59", None, None),
        ("2022-01-10T06:00", "2022-01-10T06:00", date(2022, 1, 9)),
        ("2022-01-10T11:59", "2022-01-10T06:00", date(2022, 1, 9)),
        ("2022-01-10T12:01", None, None),
        ("2022-01-10T16:31", "2022-01-10T16:30", date(2022, 1, 10)),
        ("2022-01-11T00:10", None, None),
    ],
)
def test_a_report_leaves_in_its_hour_or_not_at_all(now: str, slot: str | None, day: date | None) -> None:
    def local(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)

    found = latest_slot((time(6), time(16, 30)), local(now))
    assert found == (local(slot) if slot else None)
    if found:
        assert day_of(found) == day


def test_hours_are_read_or_refused() -> None:
    assert read_hours("16:30, 06:00,06:00") == (time(6), time(16, 30))
    with pytest.raises(ValueError, match="hour"):
        read_hours("25:00")
