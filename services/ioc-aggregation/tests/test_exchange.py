"""Totals for DHIS2: the same sums as ours, silence is absence, what late facts changed goes again."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.contracts import f0_monitoring as f0
from common.geo import Units
from common.rules import RuleFileInvalid
from common.testing.sign_in import bearer
from ioc_aggregation.app import tree_of
from ioc_aggregation.domain.exchange import Every, Exchange, Measure, days_over, period_of
from ioc_aggregation.domain.province import Province
from ioc_aggregation.rulebook.exchange import ExchangeBook

NOW = datetime(2022, 1, 10, 7, tzinfo=UTC)  # 14:00 in Vietnam
DAY = timedelta(days=1)
RULES = Path(__file__).parents[3] / "rules"
MAPPING = ExchangeBook.load(RULES).on(NOW.date())
TREE = tree_of(Units.load())
PARTNER = bearer("partner", ["19"])
HERE = {"commune_code": "05431", "district_code": "164"}
THERE = {"commune_code": "05908", "district_code": "173"}
SPAN = "first_day=2022-01-08&last_day=2022-01-09"
SETS = "/v1/dhis2/data-value-sets"


def declared(person: str, where: dict[str, str], at: datetime) -> f0.PatientDeclared:
    return f0.PatientDeclared(
        person_id=person, **where, origin=f0.Origin.OFFICER, declared_at=at, age_years=40,
        risk_level=f0.RiskLevel.LOW, ruleset="5525", care_state=f0.CareState.AT_HOME,
    )  # fmt: skip


def reported(person: str, where: dict[str, str], at: datetime) -> f0.HealthReported:
    return f0.HealthReported(
        person_id=person, **where, report_id=f"r-{person}", reported_at=at, received_at=at,
        is_late=False, declared_by="self", on_oxygen=False, consciousness="alert", symptoms=(),
    )  # fmt: skip


async def three_days(running: Any) -> None:
    """On the 8th one case in each of two communes; on the 9th only the first is heard; now it is the 10th."""
    running.clock.move(-2 * DAY)
    await running.tell(declared("p-1", HERE, NOW - 2 * DAY), declared("p-2", THERE, NOW - 2 * DAY))
    running.clock.move(DAY)
    await running.tell(reported("p-1", HERE, NOW - DAY))
    running.clock.move(DAY)
    await running.board.refresh()


def by_place(body: Any) -> dict[tuple[str, str, str, str], int]:
    return {
        (v["orgUnit"], v["period"], v["dataElement"], v["categoryOptionCombo"]): int(v["value"])
        for v in body["dataValues"]
    }


async def test_a_set_is_in_the_words_of_dhis2_and_leaves_out_whoever_was_silent(running):
    await three_days(running)

    body = await running.get(f"{SETS}?{SPAN}", PARTNER)

    assert {name: body[name] for name in body if name != "dataValues"} == {
        "dataElementIdScheme": "code",
        "orgUnitIdScheme": "code",
        "categoryOptionComboIdScheme": "code",
    }
    found = by_place(body)
    assert len(found) == len(body["dataValues"]) == 3 * len(MAPPING.measures)
    places = Counter((unit, period) for unit, period, *_ in found)
    assert places.keys() == {
        ("VN19-05431", "20220108"),
        ("VN19-05431", "20220109"),
        ("VN19-05908", "20220108"),
    }
    assert found["VN19-05431", "20220108", "LC_F0_NEW", "default"] == 1
    assert found["VN19-05431", "20220109", "LC_F0_NEW", "default"] == 0
    assert found["VN19-05431", "20220109", "LC_F0_BY_RISK", "LC_LOW"] == 1
    assert found["VN19-05431", "20220109", "LC_REPORTS", "LC_BY_F0"] == 1


async def test_whoever_was_silent_is_not_complete(running):
    await three_days(running)

    body = await running.get(f"/v1/dhis2/complete-data-set-registrations?{SPAN}&area=173", PARTNER)

    rows = body["completeDataSetRegistrations"]
    assert {row["dataSet"] for row in rows} == {"LC_COVID19_COMMUNE"}
    communes = [unit for unit in TREE.communes([]) if unit.parent_code == "173"]
    assert len(rows) == 2 * len(communes)
    complete = {(row["organisationUnit"], row["period"]) for row in rows if row["completed"]}
    assert complete == {("VN19-05908", "20220108")}


async def test_the_sums_are_those_of_our_own_figures(running):
    await three_days(running)
    names = [row.metric for row in MAPPING.measures]
    own = await running.get(f"/v1/days?{SPAN}&level=province&metrics={','.join(names)}", PARTNER)
    silent = await running.get(
        f"/v1/days?first_day=2022-01-09&last_day=2022-01-09&area=05908&metrics={','.join(names)}", PARTNER
    )
    found = by_place(await running.get(f"{SETS}?{SPAN}", PARTNER))

    sums: Counter[tuple[str, str, str]] = Counter()
    for (_, period, element, option), amount in found.items():
        sums[period, element, option] += amount
    for day in own["items"]:
        period = day["day"].replace("-", "")
        [left_out] = silent["items"]
        for row in MAPPING.measures:
            missing = left_out["values"][row.metric] if period == "20220109" else 0
            told = sums[period, row.data_element, row.category_option_combo]
            assert told + missing == day["values"][row.metric], (period, row.metric)
    assert sums["20220108", "LC_F0_ACTIVE", "default"] == 2


async def test_what_late_facts_changed_is_handed_on_again_also_the_days_after(running):
    await three_days(running)
    assert by_place(await running.get(f"{SETS}?{SPAN}&restated=true", PARTNER)) == {}
    await running.tell(declared("p-3", HERE, NOW - 2 * DAY))

    again = by_place(await running.get(f"{SETS}?{SPAN}&restated=true", PARTNER))

    whole = by_place(await running.get(f"{SETS}?{SPAN}", PARTNER))
    assert again.items() <= whole.items()
    changed = {(unit, period, element) for unit, period, element, _ in again}
    assert {unit for unit, *_ in changed} == {"VN19-05431"}
    assert again["VN19-05431", "20220108", "LC_F0_NEW", "default"] == 2
    assert again["VN19-05431", "20220109", "LC_F0_ACTIVE", "default"] == 2
    assert ("VN19-05431", "20220109", "LC_F0_NEW") not in changed  # a flow counts on its own day
    assert ("VN19-05431", "20220108", "LC_REPORTS") not in changed


async def test_the_same_as_csv_in_the_columns_of_dhis2(running):
    await three_days(running)
    reply = await running.client.get(f"{SETS}.csv?{SPAN}", headers=PARTNER)

    assert reply.headers["content-type"].startswith("application/csv")
    lines = list(csv.DictReader(io.StringIO(reply.text)))
    body = await running.get(f"{SETS}?{SPAN}", PARTNER)
    told = {
        (r["orgunit"], r["period"], r["dataelement"], r["categoryoptioncombo"]): int(r["value"])
        for r in lines
    }
    assert told == by_place(body)
    assert reply.text.splitlines()[0] == (
        '"dataelement","period","orgunit","categoryoptioncombo","attributeoptioncombo","value"'
    )
    assert {row["attributeoptioncombo"] for row in lines} == {"default"}


async def test_a_reader_gets_the_communes_of_the_own_area_and_only_days_that_are_over(running):
    await three_days(running)
    district = by_place(await running.get(f"{SETS}?{SPAN}", bearer("partner", ["173"])))
    assert {unit for unit, *_ in district} == {"VN19-05908"}
    for path in (f"{SETS}?last_day=2022-01-10", f"{SETS}?first_day=2021-01-01&last_day=2022-01-09"):
        reply = await running.client.get(path, headers=PARTNER)
        assert (reply.status_code, reply.json()["type"].rsplit(":", 1)[-1]) == (422, "period-impossible")
    assert (await running.client.get(f"{SETS}?{SPAN}&every=week", headers=PARTNER)).status_code == 422
    assert (
        await running.client.get(f"{SETS}?area=164", headers=bearer("partner", ["173"]))
    ).status_code == 404
    for role in ("doctor", "health_officer", "citizen"):
        assert (await running.client.get(SETS, headers=bearer(role, ["19"]))).status_code == 403


async def test_last_week_is_handed_on_whole(running):
    running.clock.move(-7 * DAY)
    for back in range(7, 0, -1):
        await running.tell(declared(f"p-{back}", HERE, NOW - back * DAY))
        running.clock.move(DAY)
    await running.board.refresh()

    found = by_place(await running.get(f"{SETS}?every=week", PARTNER))

    assert {period for _, period, *_ in found} == {"2022W1"}  # Monday 3 to Sunday 9 January
    assert found["VN19-05431", "2022W1", "LC_F0_NEW", "default"] == 7
    assert found["VN19-05431", "2022W1", "LC_F0_ACTIVE", "default"] == 7


def test_periods_are_written_as_dhis2_reads_them():
    assert period_of(Every.DAY, date(2004, 3, 15)) == "20040315"
    assert period_of(Every.WEEK, date(2004, 3, 4)) == "2004W10"
    assert (
        period_of(Every.WEEK, date(2022, 1, 2)) == "2021W52"
    )  # ISO weeks belong to the year of their Thursday
    assert period_of(Every.WEEK, date(2022, 1, 3)) == "2022W1"


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2021, 1, 1), date(2023, 1, 1)), st.integers(0, 40))
def test_only_whole_weeks_are_handed_on(first: date, days: int):
    last = first + days * DAY
    span = days_over(Every.WEEK, first, last)
    if span is None:
        assert days < 12
        return
    assert (span[0].weekday(), span[1].weekday()) == (0, 6)
    assert first <= span[0] <= first + 6 * DAY
    assert last - 6 * DAY <= span[1] <= last


def test_a_week_with_a_silent_day_is_left_out():
    province, monday = Province(), date(2022, 1, 3)
    province.told["05431"] = NOW
    unit = next(each for each in TREE.communes([]) if each.code == "05431")
    measures = [Measure("f0_new", "LC_F0_NEW", "default")]

    def week() -> Exchange:
        return Exchange(province, TREE, [unit], measures, Every.WEEK, (monday, monday + 6 * DAY), monday)

    province.change(monday, "05431", {"f0_new": 2, "f0_active": 2})
    province.change(None, "05431", {"f0_active": 2})
    for back in range(1, 6):
        province.change(monday + back * DAY, "05431", {"reports_f0": 2})
    assert [one.silent for one in week().coverage()] == [("05431",)]  # nobody spoke on Sunday
    assert list(week().values()) == []
    province.change(monday + 6 * DAY, "05431", {"reports_f0": 1})
    assert [(one.period, one.amount) for one in week().values()] == [("2022W1", 2)]


def test_a_commune_without_anybody_to_hear_of_has_a_zero():
    province, day = Province(), date(2022, 1, 3)
    province.told["05431"] = NOW
    unit = next(each for each in TREE.communes([]) if each.code == "05431")
    measures = [Measure("f0_new", "LC_F0_NEW", "default")]
    exchange = Exchange(province, TREE, [unit], measures, Every.DAY, (day, day), day)
    assert [(one.period, one.amount) for one in exchange.values()] == [("20220103", 0)]


def test_every_commune_has_its_own_org_unit_and_a_mapping_that_cannot_be_stops_the_start(tmp_path):
    assert len({MAPPING.org_unit(unit.code) for unit in TREE.communes([])}) == 178
    assert MAPPING.to_be_confirmed
    whole = (RULES / "dhis2" / "2021.yaml").read_text("utf-8")
    (tmp_path / "dhis2").mkdir()
    for wrong in (
        whole.replace("metric: f0_new", "metric: f0_old"),
        whole.replace("metric: f0_new", "metric: alerts_waiting"),
        whole.replace("LC_F0_RECOVERED", "LC_F0_NEW"),
        whole.replace("metric: f0_recovered", "metric: f0_new"),
        whole.replace("codes: {}", 'codes: {"05431": X, "05434": X}'),
    ):
        (tmp_path / "dhis2" / "wrong.yaml").write_text(wrong, "utf-8")
        with pytest.raises(RuleFileInvalid):
            ExchangeBook.load(tmp_path)
