"""Absence is a fact: once a day, at the deadline, never twice, never while a declaration is there."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from quarantine.domain.commands import (
    DeadlinePassed,
    ExtendQuarantine,
    NoteClosedF0,
    NoteDeclaredF0,
    NoteReport,
)
from quarantine.domain.decide import decide
from quarantine.domain.duties import DECLARATION, missed_in_a_row
from quarantine.domain.facts import DeclarationMissed
from quarantine.domain.infection import F0Outcome
from quarantine.domain.model import ExtensionReason

PERSON = "pquarantined"


def fire(case, rules, now, *reported):
    """Let the one pending timer of *case* fire, with what the ledger knows."""
    [timer] = decide_timers(case, rules)
    return decide(case, DeadlinePassed(PERSON, timer.name, timer.due_at, reported), rules, now)


def decide_timers(case, rules):
    from quarantine.domain.duties import timers

    return timers(case, rules)


def test_no_declaration_by_five_is_missed_twenty_seconds_later(quarantined, rules, local):
    case = quarantined()
    [timer] = decide_timers(case, rules)
    decision = fire(case, rules, timer.due_at)

    assert (timer.name, timer.due_at) == (DECLARATION, local("2021-08-02T17:00:20"))
    assert decision.facts == (
        DeclarationMissed(PERSON, case.person.area, local("2021-08-02T17:00"), missed_in_a_row=1),
    )
    assert decision.timers[0].due_at == local("2021-08-03T17:00:20")


@pytest.mark.parametrize(
    ("ordered_at", "first"),
    [("13:00", "2021-08-02"), ("13:00:01", "2021-08-03"), ("18:00", "2021-08-03"), ("00:00", "2021-08-02")],
)
def test_an_order_shortly_before_the_deadline_owes_its_first_declaration_tomorrow(
    quarantined, rules, local, ordered_at, first
):
    case = quarantined(local(f"2021-08-02T{ordered_at}"))

    assert case.stay.duty.next_on == date.fromisoformat(first)


def test_a_declaration_that_this_file_has_heard_of_clears_the_day(quarantined, rules, local):
    noted = decide(
        quarantined(), NoteReport(PERSON, local("2021-08-02T16:59"), False), rules, local("2021-08-02T16:59")
    )
    decision = fire(noted.state, rules, local("2021-08-02T17:00:20"))

    assert decision.facts == ()
    assert decision.timers[0].due_at == local("2021-08-03T17:00:20")


def test_a_declaration_in_the_ledger_counts_before_this_file_hears_of_it(quarantined, rules, local):
    decision = fire(quarantined(), rules, local("2021-08-02T17:00:20"), local("2021-08-02T16:59:59"))

    assert decision.facts == ()
    later = decide(
        decision.state,
        NoteReport(PERSON, local("2021-08-02T16:59:59"), True),
        rules,
        local("2021-08-02T17:01"),
    )
    assert later.state.stay.duty.has_symptoms


@pytest.mark.parametrize(
    ("reported", "is_missed"),
    [
        ("2021-08-02T17:00:00", False),
        ("2021-08-02T17:00:01", True),
        ("2021-08-02T00:00:00", False),
        ("2021-08-01T23:59:59", True),
    ],
)
def test_only_a_declaration_of_that_local_day_by_its_deadline_counts(
    quarantined, rules, local, reported, is_missed
):
    # A worker that comes back the next morning judges by the time of the event, too.
    decision = fire(quarantined(), rules, local("2021-08-03T09:00"), local(reported))

    assert bool(decision.facts) is is_missed


def test_a_second_declaration_after_the_deadline_does_not_hide_the_first(quarantined, rules, local):
    both = (local("2021-08-02T16:00"), local("2021-08-02T17:00:10"))

    assert fire(quarantined(), rules, local("2021-08-02T17:00:20"), *both).facts == ()


def test_days_missed_in_a_row_are_counted(quarantined, rules, local):
    case, counts = quarantined(), []
    for day in (2, 3, 4):
        decision = fire(case, rules, local(f"2021-08-0{day}T17:00:20"))
        case, counts = decision.state, [*counts, decision.facts[0].missed_in_a_row]

    assert counts == [1, 2, 3]
    assert missed_in_a_row(case.stay.duty) == 3


def test_a_late_declaration_resets_the_count_and_erases_nothing(quarantined, rules, local):
    missed = fire(quarantined(), rules, local("2021-08-02T17:00:20")).state
    late = decide(
        missed, NoteReport(PERSON, local("2021-08-02T18:00"), False), rules, local("2021-08-02T18:00")
    )

    assert late.facts == ()
    assert late.state.stay.duty.missed_on == (date(2021, 8, 2),)
    assert missed_in_a_row(late.state.stay.duty) == 0
    assert fire(late.state, rules, local("2021-08-03T17:00:20")).facts[0].missed_in_a_row == 1


def test_a_queued_declaration_of_yesterday_resets_only_up_to_yesterday(quarantined, rules, local):
    case = quarantined()
    for day in (2, 3):
        case = fire(case, rules, local(f"2021-08-0{day}T17:00:20")).state
    queued = decide(
        case, NoteReport(PERSON, local("2021-08-02T12:00"), False), rules, local("2021-08-03T20:00")
    )

    assert missed_in_a_row(queued.state.stay.duty) == 1


def test_days_missed_while_the_service_was_away_are_each_told_once(quarantined, rules, local):
    case, due = quarantined(), []
    for _ in range(4):
        decision = fire(case, rules, local("2021-08-05T20:00"))
        case, due = decision.state, [*due, decision.facts[0].due_at]

    assert due == [local(f"2021-08-0{day}T17:00") for day in (2, 3, 4, 5)]
    assert decide_timers(case, rules)[0].due_at == local("2021-08-06T17:00:20")


def test_the_last_day_is_judged_and_none_after_it(quarantined, rules, local):
    case, told = quarantined(), 0
    while decide_timers(case, rules):
        decision = fire(case, rules, local("2021-08-20T08:00"))
        case, told = decision.state, told + len(decision.facts)

    assert told == 14
    assert case.stay.duty.missed_on[-1] == date(2021, 8, 15)


def test_a_stray_timer_after_the_last_day_does_nothing(quarantined, rules, local):
    case = quarantined()
    over = replace(case, stay=replace(case.stay, duty=replace(case.stay.duty, next_on=date(2021, 8, 16))))
    stray = DeadlinePassed(PERSON, DECLARATION, local("2021-08-15T17:00:20"))

    assert decide(over, stray, rules, local("2021-08-16T08:00")).facts == ()
    assert decide(None, stray, rules, local("2021-08-16T08:00")).state is None


def test_nothing_is_owed_here_while_f0_care_has_the_person(quarantined, rules, local):
    f0 = decide(
        quarantined(), NoteDeclaredF0(PERSON, 1, local("2021-08-03T09:00")), rules, local("2021-08-03T09:00")
    ).state
    case, missed = f0, []
    for _ in range(3):
        decision = fire(case, rules, local("2021-08-04T18:00"))
        case, missed = decision.state, [*missed, *decision.facts]

    assert [fact.due_at for fact in missed] == [local("2021-08-02T17:00")]


def test_after_a_withdrawn_f0_declaration_the_duty_resumes_the_next_day(quarantined, rules, local):
    case, missed = quarantined(), []
    for command in (
        NoteDeclaredF0(PERSON, 1, local("2021-08-02T09:00")),
        NoteClosedF0(PERSON, 2, F0Outcome.WRONGLY_DECLARED, date(2021, 8, 3)),
    ):
        case = decide(case, command, rules, local("2021-08-03T15:00")).state
    for _ in range(3):
        decision = fire(case, rules, local("2021-08-04T18:00"))
        case, missed = decision.state, [*missed, *decision.facts]

    assert [fact.due_at for fact in missed] == [local("2021-08-04T17:00")]


def test_an_extension_goes_on_judging(quarantined, officer, rules, local):
    longer = ExtendQuarantine(PERSON, officer, date(2021, 8, 16), ExtensionReason.BREACH, "sealed")
    case = decide(quarantined(), longer, rules, local("2021-08-10T08:00")).state
    days = 0
    while decide_timers(case, rules):
        case, days = fire(case, rules, local("2021-08-30T08:00")).state, days + 1

    assert days == 15


def test_the_grace_leaves_absence_known_within_a_minute(rules):
    assert all(s.grace <= timedelta(seconds=50) for s in rules.supervisions)
