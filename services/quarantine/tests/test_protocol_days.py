"""Days are days: through every document, leap years, midnights, extensions and shortenings."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.kernel.clock import local_day
from common.kernel.errors import DomainError
from quarantine.domain.commands import ExtendQuarantine
from quarantine.domain.decide import decide
from quarantine.domain.errors import EndNotMoved
from quarantine.domain.model import Category, ExtensionReason
from quarantine.domain.protocols import FirstDay, Mark, Regime, plan_of, planned_tests
from quarantine.domain.raising import RaiseToF1
from quarantine.views.reasons import counted, counted_en

PERSON = "pquarantined"
ANY_DAY = st.dates(date(2020, 1, 1), date(2032, 12, 31))
DAYS_AHEAD = st.lists(st.integers(-20, 70), min_size=1, max_size=6)


def extend(case, officer, rules, now, to):
    command = ExtendQuarantine(PERSON, officer, to, ExtensionReason.CORRECTION, "sealed")
    return decide(case, command, rules, now)


@given(exposed=ANY_DAY, waited=st.integers(0, 10), days=st.integers(11, 30), first=st.sampled_from(FirstDay))
def test_a_document_of_n_days_lasts_n_calendar_days_over_any_leap_day(exposed, waited, days, first):
    regime = Regime(
        "x.f1", "F1", (Category.F1,), days, Mark.VERIFIED, "t", first_day=first, test_days=(1, days)
    )
    starts_on = exposed + timedelta(days=waited)
    plan = plan_of(regime, exposed, starts_on)
    zero = exposed if first is FirstDay.AFTER_EXPOSURE else starts_on - timedelta(days=1)

    assert plan.ends_on.toordinal() - zero.toordinal() == days
    assert starts_on + timedelta(days=plan.test_days[-1]) == plan.ends_on


@given(day=ANY_DAY)
def test_every_local_day_is_24_hours_long_and_its_deadline_falls_into_it(rules, day):
    supervision = rules.supervision(day)

    assert supervision.due_at(day + timedelta(days=1)) - supervision.due_at(day) == timedelta(days=1)
    assert local_day(supervision.due_at(day)) == day
    assert local_day(supervision.opens_at(day)) == day


@given(
    at=st.integers(0, 148 * 24 * 3600).map(lambda s: datetime(2021, 7, 15, tzinfo=UTC) + timedelta(seconds=s))
)
def test_an_order_given_at_any_instant_starts_on_the_vietnamese_day(quarantined, at):
    case = quarantined(at, last_exposure_on=local_day(at))

    assert case.stay.starts_on == (at + timedelta(hours=7)).date()
    assert case.stay.ends_on == case.stay.starts_on + timedelta(days=14)


@given(moves=DAYS_AHEAD, waits=st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_whatever_officers_do_no_stay_ends_before_its_start_or_today_and_tests_stay_inside(
    quarantined, officer, rules, local, moves, waits
):
    now = local("2021-08-02T08:00")
    case = quarantined(now)
    for step, wait in zip(moves, waits, strict=False):
        now += timedelta(days=wait)
        before = case.stay
        to = local_day(now) + timedelta(days=step)
        try:
            case = extend(case, officer, rules, now, to).state
        except DomainError:
            assert case.stay is before
            continue
        stay = case.stay
        last = (stay.ends_on - stay.starts_on).days
        assert stay.ends_on >= max(stay.starts_on, local_day(now))
        assert all(0 <= day <= last for day in stay.test_days)
        if stay.ends_on > before.ends_on:
            assert set(before.test_days) <= set(stay.test_days)
        assert set(stay.test_days) >= {day for day in (0, 6, 13) if day <= last}


def test_what_a_shortening_took_away_an_extension_brings_back_and_tells(quarantined, officer, rules, local):
    now = local("2021-08-03T08:00")
    short = extend(quarantined(), officer, rules, now, date(2021, 8, 10)).state
    assert short.stay.test_days == (0, 6)
    long = extend(short, officer, rules, now, date(2021, 8, 20)).state

    assert long.stay.test_days == (0, 6, 13)


def test_the_last_day_is_never_moved_to_yesterday(quarantined, officer, rules, local):
    with pytest.raises(EndNotMoved, match="từ hôm nay"):
        extend(quarantined(), officer, rules, local("2021-08-05T08:00"), date(2021, 8, 4))
    today = extend(quarantined(), officer, rules, local("2021-08-05T08:00"), date(2021, 8, 5))
    assert today.state.stay.ends_on == date(2021, 8, 5)


@given(met=st.integers(0, 6), waited=st.integers(0, 6))
def test_an_f2_who_becomes_an_f1_never_leaves_earlier_and_keeps_past_tests(
    quarantined, officer, rules, local, met, waited
):
    case = quarantined(category=Category.F2)
    now = local("2021-08-02T09:00") + timedelta(days=waited)
    met_on = date(2021, 8, 2) + timedelta(days=min(met, waited))
    case = replace(case, stay=replace(case.stay, ends_on=date(2021, 8, 20), test_days=(0, 3)))
    raised = decide(case, RaiseToF1(PERSON, officer, "pindex", met_on), rules, now).state.stay

    assert raised.category is Category.F1
    assert raised.ends_on >= max(case.stay.ends_on, met_on + timedelta(days=14))
    assert {day for day in case.stay.test_days if day < waited} <= set(raised.test_days)


def test_the_end_is_explained_as_a_sum_in_both_languages(quarantined, officer, rules, local):
    stay = quarantined().stay
    _protocol, regime = rules.find(stay.protocol)
    assert counted(stay, regime) == (
        "Tính từ lần tiếp xúc cuối 01/08/2021, đủ 14 ngày là hết ngày 15/08/2021."
    )
    assert counted_en(stay, regime) == (
        "Counted from the last contact on 01/08/2021, 14 days end with 15/08/2021."
    )
    moved = extend(quarantined(), officer, rules, local("2021-08-03T08:00"), date(2021, 8, 18)).state.stay
    assert "đổi thành 18/08/2021" in counted(moved, regime)
    assert planned_tests(regime, date(2021, 8, 1), date(2021, 8, 2)) == (0, 6, 13)
