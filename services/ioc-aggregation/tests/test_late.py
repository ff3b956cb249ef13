"""Late facts, old cases released in one day, units that say nothing, and what was known when."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from common.contracts import f0_monitoring as f0
from common.contracts import permit
from common.geo import Units
from common.kernel.clock import local_day
from common.testing.sign_in import bearer
from common.work.model import Cause, Errand
from ioc_aggregation.app import tree_of
from ioc_aggregation.domain import fold
from ioc_aggregation.domain.days import day_rows
from ioc_aggregation.domain.fold import Tally, day_of
from ioc_aggregation.domain.known import known
from ioc_aggregation.domain.metrics import METRICS, STOCKS
from ioc_aggregation.domain.model import Level
from ioc_aggregation.domain.province import Province
from ioc_aggregation.domain.rules import IocRules
from ioc_aggregation.domain.summary import Surroundings, summaries
from ioc_aggregation.domain.totals import Place
from ioc_aggregation.store import Fold, MemoryTotals

NOW = datetime(2022, 1, 10, 7, tzinfo=UTC)  # 14:00 in Vietnam
TODAY = date(2022, 1, 10)
TREE = tree_of(Units.load())
OPERATOR = bearer("ioc_operator", ["19"])
RULES = IocRules("test", "4800/QĐ-BYT", timedelta(hours=26), (20, 50, 150))
OLD_CASES = 152_485
"""So many cases of earlier months one authority released in a single day."""
LOTS = 600


def errand(tally: Tally, place: Place) -> Errand:
    return Errand(tally, Cause(tally.fact_id, partition=place.partition, offset=place.offset))


def case(number: int, commune: str, happened: datetime | date, recorded: datetime) -> Tally:
    day, is_late = day_of(happened, recorded)
    deltas = fold.patient_declared("low", "at_home")
    return Tally(
        f"f-{number}", "test", f"p-{number}", 1, commune, day, recorded, deltas, is_late, speaks=True
    )


def lot(number: int, commune: str, day: date, people: int) -> Tally:
    """So many cases of one commune and day as one: what each adds is a sum anyway."""
    one = case(number, commune, day, NOW)
    return one._replace(deltas={name: people * n for name, n in one.deltas.items()})


async def test_old_cases_released_in_one_day_move_the_cumulative_total_and_no_days_new_cases() -> None:
    """Whatever they are: the day of the release has its own new cases, the past is restated and says so."""
    store = MemoryTotals()
    communes = [unit.code for unit in TREE.communes([])]
    spoken = [case(n, communes[n], NOW, NOW) for n in range(120)]
    old = [
        lot(1000 + n, communes[n % len(communes)], TODAY - timedelta(days=10 + n % 60), people)
        for n, people in enumerate([OLD_CASES // LOTS + OLD_CASES % LOTS, *[OLD_CASES // LOTS] * (LOTS - 1)])
    ]
    everything = [errand(tally, Place("t:0", n)) for n, tally in enumerate([*spoken, *old])]
    await Fold(store).run_batch(everything)
    province = Province(store.documents.values())
    whole = summaries(province, TREE, NOW, Surroundings(RULES))["19"]
    assert whole.metrics["f0_new"] == 120
    assert whole.metrics["f0_total"] == OLD_CASES + 120
    assert whole.yesterday["f0_new"] == 0
    first, last = TODAY - timedelta(days=69), TODAY
    rows = list(day_rows(province, TREE, [TREE.province], ["f0_new", "f0_total"], first, last))
    assert rows[-1].values == {"f0_new": 120, "f0_total": OLD_CASES + 120}
    assert sum(row.values["f0_new"] for row in rows) == OLD_CASES + 120
    assert {row.day for row in rows if row.restated} == {
        TODAY - timedelta(days=back) for back in range(10, 70)
    }
    assert rows[-2].values["f0_total"] == OLD_CASES, "the cumulative total of yesterday is restated, too"


async def test_a_district_that_sends_nothing_shows_yesterdays_figures_as_silent(running: Any) -> None:
    """Its number of today is the number of yesterday: that is no news, and must not be taken for any."""
    here = {"commune_code": "05431", "district_code": "164"}
    there = {"commune_code": "05908", "district_code": "173"}

    def declared(person: str, where: dict[str, str]) -> f0.PatientDeclared:
        return f0.PatientDeclared(
            person_id=person, **where, origin=f0.Origin.OFFICER, declared_at=running.clock.now(),
            age_years=40, risk_level=f0.RiskLevel.LOW, ruleset="5525", care_state=f0.CareState.AT_HOME,
        )  # fmt: skip

    await running.tell(declared("p-1", here), declared("p-2", there))
    running.clock.move(timedelta(hours=27))
    # Machines go on: a permit was checked there, a deadline passed, the other district reports as ever.
    scan = permit.PermitScanned(
        permit_id="k-1", scan_id="s-1", **here, checkpoint_id="c-1", checkpoint_name="Chốt mẫu",
        verdict="allowed", reason_code="valid", mode="online", scanned_at=running.clock.now(),
        received_at=running.clock.now(),
    )  # fmt: skip
    missed = f0.DeclarationMissed(
        person_id="p-1", **here, due_at=running.clock.now() - timedelta(hours=1), missed_in_a_row=1,
        risk_level="low",
    )  # fmt: skip
    await running.tell(declared("p-3", there), scan, missed)
    silent = await running.get("/v1/areas/164", OPERATOR)
    assert silent["metrics"]["f0_active"] == silent["yesterday"]["f0_active"] == 1
    assert (silent["silent_since"], silent["silent_communes"], silent["is_complete"]) == (
        "2022-01-10T07:00:00Z",
        1,
        False,
    )
    heard = await running.get("/v1/areas/173", OPERATOR)
    assert (heard["silent_since"], heard["is_complete"], heard["metrics"]["f0_active"]) == (None, True, 2)
    assert (await running.get("/v1/areas/19", OPERATOR))["is_complete"] is False
    listed = await running.client.get("/v1/areas?level=district&format=csv", headers=OPERATOR)
    [line] = [row for row in listed.text.splitlines() if row.startswith("164,")]
    assert "2022-01-10T07:00:00Z,1,false" in line


def test_a_cumulative_figure_never_falls_but_by_a_case_that_was_none() -> None:
    parts = [fold.patient_declared("low", "at_home"), fold.patient_closed("died", "at_home", "low")]
    parts += [fold.permit_issued("active"), fold.permit_changed("active", "revoked")]
    parts += [fold.quarantine_ordered("f1", "home"), fold.quarantine_ended("f1", "home")]
    falls = {name for part in parts for name, n in part.items() if name.endswith("_total") and n < 0}
    assert falls == set()
    assert fold.patient_closed("wrongly_declared", "at_home", "low")["f0_total"] == -1


@st.composite
def histories(draw: st.DrawFn) -> list[Tally]:
    """Facts of a few days, recorded at their hour or days later, in communes on the list and beside it."""
    communes = ["05431", "05434", "05908", "99999"]
    found = []
    for number in range(draw(st.integers(1, 30))):
        recorded = NOW - timedelta(hours=draw(st.integers(0, 96)))
        day = local_day(recorded) - timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 3])))
        names = draw(st.sets(st.sampled_from(["f0_active", "f0_new", "scans", "f0_total"]), min_size=1))
        deltas = {name: draw(st.integers(-2, 3)) for name in sorted(names)}
        is_late = day < local_day(recorded)
        tally = Tally(
            f"f-{number}", "test", "p", 1, draw(st.sampled_from(communes)), day, recorded, deltas, is_late,
            draw(st.booleans()),
        )  # fmt: skip
        found.append(tally)
    return found


async def folded(facts: list[Tally], seed: int) -> MemoryTotals:
    chance, store = random.Random(seed), MemoryTotals()
    partitions: dict[str, int] = {}
    errands = []
    for tally in facts:
        partition = f"t:{chance.randrange(3)}"
        partitions[partition] = partitions.get(partition, -1) + 1
        errands.append(errand(tally, Place(partition, partitions[partition])))
    await Fold(store).run_batch(errands)
    return store


@settings(max_examples=30, deadline=None)
@given(histories(), st.integers(0, 100), st.integers(0, 2**32))
async def test_what_was_known_is_the_sum_of_what_was_recorded_by_then(
    facts: list[Tally], hours_ago: int, seed: int
) -> None:
    at = NOW - timedelta(hours=hours_ago)
    store = await folded(facts, seed)
    now = Province(store.documents.values())
    then = known(now.copied(), await store.later(at, sorted(now.communes()), now.upto()))
    by_then = [tally for tally in facts if tally.recorded_at <= at]
    alone = Province((await folded(by_then, seed)).documents.values())
    assert then.totals() == alone.totals()
    assert (then.told, then.heard) == (alone.told, alone.heard)
    for tally in facts:
        late = {name: n for name, n in alone.late(tally.day, tally.commune_code).items() if n}
        assert dict(then.late(tally.day, tally.commune_code)) == late
    assert now.totals() == Province(store.documents.values()).totals(), "the living board was changed"


@settings(max_examples=4, deadline=None)
@given(histories(), st.integers(0, 100), st.integers(0, 2**32))
async def test_communes_add_up_to_the_province_now_then_and_on_every_day(
    facts: list[Tally], hours_ago: int, seed: int
) -> None:
    at = NOW - timedelta(hours=hours_ago)
    store = await folded(facts, seed)
    now = Province(store.documents.values())
    then = known(now.copied(), await store.later(at, sorted(now.communes()), now.upto()))
    for province, instant in ((now, NOW), (then, at)):
        found = summaries(province, TREE, instant, Surroundings(RULES))
        communes = [each for each in found.values() if each.unit.level is Level.COMMUNE]
        for field in ("metrics", "yesterday", "week_ago"):
            whole = getattr(found["19"], field)
            assert all(n == sum(getattr(c, field)[name] for c in communes) for name, n in whole.items())
        last = local_day(instant)
        names = ["f0_active", "f0_new", "scans"]
        units = [TREE.province, *(each.unit for each in communes)]
        rows = list(day_rows(province, TREE, units, names, last - timedelta(days=7), last))
        for day in {row.day for row in rows}:
            of_day = [row for row in rows if row.day == day]
            [whole_row] = [row for row in of_day if row.unit.level is Level.PROVINCE]
            for name in names:
                assert whole_row.values[name] == sum(r.values[name] for r in of_day if r is not whole_row)
                assert whole_row.values[name] == sum(
                    province.value(code, name, day) for code in province.communes() | {"05431"}
                )


def test_every_cumulative_figure_is_a_stock() -> None:
    assert {name for name in METRICS if name.endswith("_total")} <= STOCKS
