"""How long and which tests: the dated documents, at their boundaries."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarantine.domain.errors import NoProtocolInForce, QuarantineNotRequired
from quarantine.domain.model import Category, Origin, Place
from quarantine.domain.protocols import FirstDay, Mark, Regime, Subject, plan_of
from quarantine.domain.rules import QuarantineRules

Subjects = Callable[..., Subject]
REGIME = Regime("x.f1", "F1", (Category.F1,), 14, Mark.VERIFIED, "test", test_days=(1, 7, 14))


def planned(rules: QuarantineRules, subject: Subject, on: str, exposed: str | None = None):
    day = date.fromisoformat(on)
    return rules.plan(subject, date.fromisoformat(exposed) if exposed else day, day, day)


def test_5599_keeps_an_f1_at_home_14_days_after_the_last_exposure_with_three_tests(rules, subject: Subjects):
    plan = planned(rules, subject(), "2021-08-02", "2021-08-01")

    assert plan.regime.code == "5599-byt-mt.f1-home"
    assert plan.ends_on == date(2021, 8, 15)
    assert plan.test_days == (0, 6, 13)  # 2, 8 and 15 August


def test_5599_counts_an_entrant_from_the_first_day_of_the_stay(rules, subject: Subjects):
    plan = planned(rules, subject(Category.ENTRANT, origin=Origin.ABROAD), "2021-07-20", "2021-07-19")

    assert plan.regime.code == "5599-byt-mt.entrant"
    assert (plan.ends_on, plan.test_days) == (date(2021, 8, 2), (0, 6, 13))


def test_6386_lets_the_protected_monitor_themselves_7_days_and_keeps_the_others_14(rules, subject: Subjects):
    protected = planned(rules, subject(Category.ENTRANT, doses=2), "2021-08-06")
    other = planned(rules, subject(Category.ENTRANT, doses=1), "2021-08-06")

    assert (protected.regime.code, protected.ends_on) == ("6386-byt-mt.protected", date(2021, 8, 12))
    assert protected.test_days == (0, 6)
    assert (other.regime.code, other.ends_on) == ("6386-byt-mt.not-protected", date(2021, 8, 19))
    assert other.test_days == (0, 6, 13)


def test_the_day_before_6386_the_same_person_still_falls_under_5599(rules, subject: Subjects):
    assert planned(rules, subject(Category.ENTRANT, doses=2), "2021-08-05").regime.code == (
        "5599-byt-mt.from-affected-area"
    )


def test_6288_needs_the_last_dose_to_be_between_14_days_and_a_year_old(rules, subject: Subjects):
    day = date(2021, 9, 1)

    def regime(days_ago: int) -> str:
        person = subject(
            Category.ENTRANT, origin=Origin.ABROAD, doses=2, last_dose_on=day - timedelta(days=days_ago)
        )
        return planned(rules, person, "2021-09-01").regime.code

    assert regime(13) == "5599-byt-mt.entrant"
    assert regime(14) == "6288-byt-mt.entrant-protected"
    assert regime(365) == "6288-byt-mt.entrant-protected"
    assert regime(366) == "5599-byt-mt.entrant"


def test_a_recovery_counts_like_two_doses_for_six_months(rules, subject: Subjects):
    def regime(recovered: date) -> str:
        return planned(rules, subject(Category.ENTRANT, recovered_on=recovered), "2021-09-01").regime.code

    assert regime(date(2021, 3, 2)) == "6386-byt-mt.protected"  # 183 days
    assert regime(date(2021, 3, 1)) == "6386-byt-mt.not-protected"
    assert regime(date(2021, 9, 2)) == "6386-byt-mt.not-protected"  # not yet


@pytest.mark.parametrize(
    ("on", "doses", "code", "ends_on"),
    [
        ("2021-07-13", 0, "before-5599.f1-entrant", "2021-08-03"),
        ("2021-07-14", 0, "5599-byt-mt.f1-home", "2021-07-28"),
        ("2021-12-15", 2, "5599-byt-mt.f1-home", "2021-12-29"),
        ("2021-12-16", 2, "10696-byt-mt.f1-protected", "2021-12-23"),
        ("2021-12-16", 1, "10696-byt-mt.f1-others", "2021-12-26"),
        ("2022-02-20", 2, "10696-byt-mt.f1-protected", "2022-02-27"),
        ("2022-02-21", 2, "762-byt-dp.f1-protected", "2022-02-26"),
        ("2022-02-21", 0, "762-byt-dp.f1-others", "2022-02-28"),
        ("2022-04-15", 2, "762-byt-dp.f1-protected", "2022-04-20"),  # 1909 is not adopted
    ],
)
def test_an_f1_exposed_today_ends_as_the_document_of_the_day_says(rules, subject, on, doses, code, ends_on):
    plan = planned(rules, subject(doses=doses), on)

    assert (plan.regime.code, plan.ends_on) == (code, date.fromisoformat(ends_on))


def test_the_pilot_of_5152_holds_in_ho_chi_minh_city_only(rules, subject: Subjects):
    there = planned(rules, subject(province="79"), "2021-07-01")
    here = planned(rules, subject(), "2021-07-01")

    assert (there.regime.code, len(there.test_days)) == ("5152-byt-mt.f1-home", 5)
    assert here.regime.code == "before-5599.f1-entrant"


def test_4800_tells_three_kinds_of_people_from_locked_areas_apart(rules, subject: Subjects):
    codes = [
        planned(
            rules, subject(Category.ENTRANT, origin=Origin.LOCKED_AREA, doses=n), "2021-11-01"
        ).regime.code
        for n in (0, 1, 2)
    ]

    assert codes == [
        "4800-qd-byt.locked-unvaccinated",
        "4800-qd-byt.locked-one-dose",
        "4800-qd-byt.locked-protected",
    ]


def test_once_1909_is_adopted_an_f1_need_not_stay(rules, subject: Subjects):
    adopted = replace(rules, protocols=tuple(replace(p, is_adopted=True) for p in rules.protocols))

    with pytest.raises(QuarantineNotRequired):
        planned(adopted, subject(doses=2), "2022-04-15")
    assert planned(adopted, subject(doses=2), "2022-04-14").ends_on == date(2022, 4, 19)


def test_without_any_document_the_refusal_says_whom_to_ask(rules, subject: Subjects):
    with pytest.raises(NoProtocolInForce, match="kiểm soát bệnh tật"):
        planned(rules, subject(), "2021-05-04")


def test_pinned_rules_apply_whatever_the_day_is(rules, subject: Subjects):
    pinned = replace(rules, as_of=date(2022, 1, 10))

    assert planned(pinned, subject(doses=2), "2026-03-01").regime.code == "10696-byt-mt.f1-protected"


def test_days_that_ran_out_before_the_start_need_no_order(rules, subject: Subjects):
    assert planned(rules, subject(), "2021-08-15", "2021-08-01").ends_on == date(2021, 8, 15)
    with pytest.raises(QuarantineNotRequired, match="15/08/2021"):
        planned(rules, subject(), "2021-08-16", "2021-08-01")


def test_a_test_whose_day_is_past_is_owed_on_the_first_day():
    assert plan_of(REGIME, date(2021, 8, 1), date(2021, 8, 9)).test_days == (0, 6)


def test_a_leap_day_is_a_day_like_any_other():
    assert plan_of(REGIME, date(2024, 2, 20), date(2024, 2, 20)).ends_on == date(2024, 3, 5)
    assert plan_of(REGIME, date(2023, 2, 20), date(2023, 2, 20)).ends_on == date(2023, 3, 6)


DAYS = st.dates(date(2021, 5, 5), date(2022, 12, 31))


@given(
    exposed=DAYS,
    waited=st.integers(0, 40),
    category=st.sampled_from(Category),
    place=st.sampled_from(Place),
    origin=st.sampled_from(Origin),
    doses=st.integers(0, 3),
)
def test_the_end_is_never_before_the_start_and_tests_fall_into_the_stay(
    rules, subject, exposed, waited, category, place, origin, doses
):
    starts_on = exposed + timedelta(days=waited)
    who = subject(category, place=place, origin=origin, doses=doses)
    try:
        plan = rules.plan(who, exposed, starts_on, starts_on)
    except QuarantineNotRequired:
        return
    stay = (plan.ends_on - starts_on).days

    assert plan.ends_on >= starts_on
    assert all(0 <= day <= stay for day in plan.test_days)
    assert list(plan.test_days) == sorted(set(plan.test_days))
    assert plan == rules.plan(who, exposed, starts_on, starts_on)


@given(days=st.integers(1, 60), first_day=st.sampled_from(FirstDay), exposed=DAYS, waited=st.integers(0, 60))
def test_one_more_day_of_quarantine_ends_one_day_later(days, first_day, exposed, waited):
    starts_on = exposed + timedelta(days=waited)
    shorter = replace(REGIME, isolation_days=days, test_days=(), first_day=first_day)
    longer = replace(shorter, isolation_days=days + 1)
    try:
        ends_on = plan_of(shorter, exposed, starts_on).ends_on
    except QuarantineNotRequired:
        return

    assert plan_of(longer, exposed, starts_on).ends_on == ends_on + timedelta(days=1)
