"""Giving, moving and ending an order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from common.kernel.areas import Actor
from common.kernel.errors import OutsideYourArea
from quarantine.domain.acts import RecordTest
from quarantine.domain.commands import ExtendQuarantine, NoteDeclaredF0, ReleaseFromQuarantine, Twin
from quarantine.domain.decide import decide
from quarantine.domain.errors import (
    AlreadyF0,
    AlreadyInQuarantine,
    CaseNotFound,
    DateImpossible,
    EndNotMoved,
    NotInQuarantine,
    PossibleDuplicate,
    ReasonMissing,
    ReleaseNeedsTests,
    ReleaseTooEarly,
    WaiverNotYours,
)
from quarantine.domain.facts import QuarantineEnded, QuarantineExtended, QuarantineOrdered
from quarantine.domain.model import Category, ExtensionReason, Outcome, Place
from quarantine.domain.rules import ReleaseFrom
from quarantine.domain.standing import ending, is_open
from quarantine.domain.swabs import Assay, SampledAt, Verdict

PERSON = "pquarantined"


def release(officer, outcome=Outcome.COMPLETED, note=""):
    return ReleaseFromQuarantine(PERSON, officer, outcome, note)


def extend(officer, to, note="sealed", reason=ExtensionReason.STILL_POSITIVE):
    return ExtendQuarantine(PERSON, officer, date.fromisoformat(to), reason, note)


def test_an_order_opens_a_stay_and_tells_it(order, rules, local, area):
    decision = decide(None, order(), rules, local("2021-08-02T08:00"))

    assert decision.facts == (
        QuarantineOrdered(
            PERSON,
            area,
            category=Category.F1,
            place=Place.HOME,
            last_exposure_on=date(2021, 8, 1),
            starts_on=date(2021, 8, 2),
            ends_on=date(2021, 8, 15),
            protocol="5599-byt-mt.f1-home",
            test_days=(0, 6, 13),
        ),
    )
    assert is_open(decision.state)
    assert decision.answer["ends_on"] == "2021-08-15"
    assert [t.due_at for t in decision.timers] == [local("2021-08-02T17:00:20")]


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ("2021-12-15T23:59", "5599-byt-mt.f1-home"),
        ("2021-12-16T00:00", "10696-byt-mt.f1-protected"),
    ],
)
def test_the_rule_changes_at_vietnamese_midnight_not_at_utc_midnight(order, rules, local, now, code):
    immune = replace(order().immunity, doses=2)
    decision = decide(None, order(immunity=immune, last_exposure_on=date(2021, 12, 15)), rules, local(now))

    assert decision.state.stay.protocol == code


def test_an_officer_orders_only_in_their_own_area(order, rules, local):
    elsewhere = Actor("cb", frozenset({"health_officer"}), frozenset({"05500"}))

    with pytest.raises(OutsideYourArea):
        decide(None, order(by=elsewhere), rules, local("2021-08-02T08:00"))


def test_a_district_officer_covers_its_communes(order, rules, local):
    district = Actor("cb", frozenset({"health_officer"}), frozenset({"164"}))

    assert is_open(decide(None, order(by=district), rules, local("2021-08-02T08:00")).state)


def test_a_second_open_stay_is_refused_and_says_what_is_equal(order, quarantined, rules, local):
    with pytest.raises(AlreadyInQuarantine, match=r"Trùng giấy tờ.*02/08/2021 đến 15/08/2021"):
        decide(quarantined(), order(is_confirmed_new=True), rules, local("2021-08-03T08:00"))


def test_a_likely_duplicate_is_warned_about_and_can_be_confirmed(order, rules, local):
    twin = Twin("pother", ("họ tên", "số điện thoại"), date(2021, 7, 30), date(2021, 8, 12))
    now = local("2021-08-02T08:00")

    with pytest.raises(PossibleDuplicate, match="họ tên và số điện thoại"):
        decide(None, order(twins=(twin,)), rules, now)
    assert is_open(decide(None, order(twins=(twin,), is_confirmed_new=True), rules, now).state)


def test_somebody_under_f0_care_is_not_ordered_into_quarantine(order, rules, local):
    known = decide(
        None, NoteDeclaredF0(PERSON, 1, local("2021-08-02T07:00")), rules, local("2021-08-02T07:01")
    )

    with pytest.raises(AlreadyF0):
        decide(known.state, order(), rules, local("2021-08-02T08:00"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_exposure_on": date(2021, 8, 3)}, "last_exposure_on"),
        ({"starts_on": date(2021, 8, 3)}, "starts_on"),
        ({"starts_on": date(2021, 7, 31)}, "starts_on"),
        ({"starts_on": date(2021, 7, 2), "last_exposure_on": date(2021, 7, 1)}, "starts_on"),
    ],
)
def test_dates_that_contradict_each_other_are_refused(order, rules, local, changes, field):
    with pytest.raises(DateImpossible) as refusal:
        decide(None, order(**changes), rules, local("2021-08-02T08:00"))
    assert refusal.value.field == field


def test_a_paper_order_of_last_week_may_be_entered_today(order, rules, local):
    decision = decide(None, order(starts_on=date(2021, 8, 2)), rules, local("2021-08-09T08:00"))

    assert decision.state.stay.ends_on == date(2021, 8, 15)
    assert decision.timers[0].due_at == local("2021-08-09T17:00:20")


def test_release_is_refused_the_evening_before_and_granted_on_the_last_day(
    quarantined, officer, rules, local
):
    case = quarantined()

    with pytest.raises(ReleaseTooEarly, match="15/08/2021"):
        decide(case, release(officer), rules, local("2021-08-14T23:59"))
    decision = decide(case, release(officer), rules, local("2021-08-15T00:00"))
    assert decision.facts == (
        QuarantineEnded(
            PERSON, case.person.area, Category.F1, Place.HOME, Outcome.COMPLETED, date(2021, 8, 15)
        ),
    )
    assert not is_open(decision.state)
    assert decision.timers == ()


def test_the_rule_may_ask_for_the_last_day_to_be_over(quarantined, officer, rules, local):
    strict = replace(
        rules, supervisions=tuple(replace(s, release_from=ReleaseFrom.DAY_AFTER) for s in rules.supervisions)
    )

    with pytest.raises(ReleaseTooEarly, match="16/08/2021"):
        decide(quarantined(), release(officer), strict, local("2021-08-15T23:59"))
    assert not is_open(decide(quarantined(), release(officer), strict, local("2021-08-16T00:00")).state)


def test_the_rule_may_ask_for_tests_before_release(quarantined, officer, rules, local):
    asking = replace(
        rules,
        protocols=tuple(
            replace(p, regimes=tuple(replace(r, needs_tests_to_release=True) for r in p.regimes))
            for p in rules.protocols
        ),
    )

    case, now = quarantined(), local("2021-08-15T08:00")
    with pytest.raises(ReleaseNeedsTests, match="02/08/2021, 08/08/2021, 15/08/2021"):
        decide(case, release(officer), asking, now)
    for day in (2, 8, 15):
        at = local(f"2021-08-{day:02}T07:00")
        test = RecordTest(PERSON, officer, f"t-{day}", Assay.RAPID, Verdict.NEGATIVE, SampledAt.HOME, at)
        case = decide(case, test, asking, now).state
        if day == 8:
            with pytest.raises(ReleaseNeedsTests, match="lần ngày 15/08/2021"):
                decide(case, release(officer), asking, now)
    assert not is_open(decide(case, release(officer), asking, now).state)


def test_the_district_may_let_somebody_go_without_a_test_with_a_reason(quarantined, officer, rules, local):
    asking = replace(
        rules,
        protocols=tuple(
            replace(p, regimes=tuple(replace(r, needs_tests_to_release=True) for r in p.regimes))
            for p in rules.protocols
        ),
    )
    case, now = quarantined(), local("2021-08-15T08:00")
    district = replace(officer, area_codes=frozenset({"164"}))

    with pytest.raises(WaiverNotYours):
        decide(case, replace(release(officer, note="sealed"), waives_tests=True), asking, now)
    with pytest.raises(ReasonMissing):
        decide(case, replace(release(district), waives_tests=True), asking, now)
    let_go = decide(case, replace(release(district, note="sealed"), waives_tests=True), asking, now)
    assert not is_open(let_go.state)


@pytest.mark.parametrize("outcome", [Outcome.WRONG_ENTRY, Outcome.LOST, Outcome.MOVED_AWAY, Outcome.DIED])
def test_any_other_end_needs_a_reason_but_not_the_days(quarantined, officer, rules, local, outcome):
    case, now = quarantined(), local("2021-08-03T08:00")

    with pytest.raises(ReasonMissing):
        decide(case, release(officer, outcome), rules, now)
    decision = decide(case, release(officer, outcome, "sealed"), rules, now)
    assert ending(decision.state).outcome is outcome
    assert [type(fact) for fact in decision.facts] == [QuarantineEnded]


def test_becoming_f0_is_not_an_officers_release(quarantined, officer, rules, local):
    with pytest.raises(ReasonMissing):
        decide(quarantined(), release(officer, Outcome.BECAME_F0, "x"), rules, local("2021-08-03T08:00"))


def test_an_ended_stay_is_not_ended_twice_and_a_stranger_has_none(quarantined, officer, rules, local):
    now = local("2021-08-15T08:00")
    ended = decide(quarantined(), release(officer), rules, now).state

    with pytest.raises(NotInQuarantine):
        decide(ended, release(officer), rules, now)
    with pytest.raises(CaseNotFound):
        decide(None, release(officer), rules, now)


def test_only_officers_of_the_area_end_or_move_a_stay(quarantined, rules, local):
    elsewhere = Actor("cb", frozenset({"health_officer"}), frozenset({"05500"}))

    for command in (release(elsewhere), extend(elsewhere, "2021-08-20")):
        with pytest.raises(OutsideYourArea):
            decide(quarantined(), command, rules, local("2021-08-15T08:00"))


def test_a_new_exposure_after_the_end_opens_a_new_stay_and_keeps_the_old_line(
    quarantined, order, officer, rules, local
):
    ended = decide(quarantined(), release(officer), rules, local("2021-08-15T08:00")).state
    again = decide(ended, order(last_exposure_on=date(2021, 9, 1)), rules, local("2021-09-02T08:00"))

    assert again.state.stay.ends_on == date(2021, 9, 15)
    assert [(line.outcome, line.ended_on) for line in again.state.past] == [
        (Outcome.COMPLETED, date(2021, 8, 15))
    ]


def test_an_extension_moves_the_end_with_a_reason_and_goes_on_judging_days(
    quarantined, officer, rules, local
):
    decision = decide(quarantined(), extend(officer, "2021-08-18"), rules, local("2021-08-10T08:00"))

    assert decision.state.stay.ends_on == date(2021, 8, 18)
    assert decision.facts == (
        QuarantineExtended(
            PERSON,
            decision.state.person.area,
            date(2021, 8, 15),
            date(2021, 8, 18),
            ExtensionReason.STILL_POSITIVE,
            "5599-byt-mt.f1-home",
        ),
    )


def test_shortening_drops_the_tests_that_no_longer_fall_into_the_stay(quarantined, officer, rules, local):
    shorter = extend(officer, "2021-08-08", reason=ExtensionReason.SUSPICION_CLEARED)
    decision = decide(quarantined(), shorter, rules, local("2021-08-05T08:00"))

    assert decision.state.stay.test_days == (0, 6)


@pytest.mark.parametrize("to", ["2021-08-15", "2021-08-09", "2021-10-02"])
def test_the_end_moves_neither_into_the_past_nor_nowhere_nor_for_ever(quarantined, officer, rules, local, to):
    with pytest.raises(EndNotMoved):
        decide(quarantined(), extend(officer, to), rules, local("2021-08-10T08:00"))


def test_the_end_does_not_move_without_a_reason(quarantined, officer, rules, local):
    with pytest.raises(ReasonMissing):
        decide(quarantined(), extend(officer, "2021-08-18", note=""), rules, local("2021-08-10T08:00"))


def test_days_between_the_old_end_and_the_extension_are_not_judged(quarantined, officer, rules, local):
    case = quarantined()
    over = replace(case, stay=replace(case.stay, duty=replace(case.stay.duty, next_on=date(2021, 8, 16))))
    decision = decide(over, extend(officer, "2021-08-20"), rules, local("2021-08-18T09:00"))

    assert decision.timers[0].due_at == local("2021-08-18T17:00:20")


def test_a_command_of_another_service_is_a_programming_error(rules, local):
    with pytest.raises(TypeError):
        decide(None, object(), rules, local("2021-08-02T08:00") + timedelta())
