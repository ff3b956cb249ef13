"""Decisions about a person's permits."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from common.kernel.decision import Timer, TimerFired
from common.kernel.errors import OutsideYourArea
from permit.domain.authority import PRIVATE
from permit.domain.commands import Reinstate, Revoke, SettleQueued, Suspend
from permit.domain.decide import decide
from permit.domain.errors import NotInForce, NotInQueue, NotYours, PermitNotFound, TooManyPermits
from permit.domain.facts import (
    PermitExpired,
    PermitIssued,
    PermitReinstated,
    PermitRevoked,
    PermitSuspended,
    Why,
)
from permit.domain.model import Hold, Holder, Outcome, Source, Status
from permit.domain.record import DecisionRecorded
from permit.domain.rules import Directive
from services.permit.tests.samples import (
    CITIZEN,
    EMPLOYER,
    HOUR,
    NOW,
    OFFICER,
    OTHER_OFFICER,
    PERSON,
    RULES,
    application,
    standing,
    terms,
)

F0_BEGINS = standing(Source.F0, 1, is_barred=True)
F0_ENDS = standing(Source.F0, 5, is_barred=False)
QUARANTINE_BEGINS = standing(Source.QUARANTINE, 1, is_barred=True)
QUARANTINE_ENDS = standing(Source.QUARANTINE, 2, is_barred=False)
PERMIT = application().permit_id


def play(*commands: Any, holder: Holder | None = None) -> tuple[Holder, list[Any], tuple[Timer, ...] | None]:
    facts: list[Any] = []
    timers: tuple[Timer, ...] | None = None
    for command in commands:
        decision = decide(holder, command, RULES, NOW)
        holder, timers = decision.state, decision.timers if decision.timers is not None else timers
        facts.extend(told(decision))
    assert holder is not None
    return holder, facts, timers


def settles(holder: Holder, *commands: Any) -> tuple[Holder, list[Any], tuple[Timer, ...] | None]:
    """Decide, and let the seconds pass in which the officer could take it back."""
    return play(*commands, TimerFired(PERSON, f"settle:{PERMIT}", NOW + RULES.undo), holder=holder)


def told(decision: Any) -> tuple[Any, ...]:
    """What happened, beside the record of decisions."""
    return tuple(fact for fact in decision.facts if not isinstance(fact, DecisionRecorded))


def status(holder: Holder) -> Status:
    return holder.status_of(holder.permits[0])


def test_a_driver_of_essential_goods_gets_a_permit_under_directive_16() -> None:
    holder, facts, timers = play(application())
    assert status(holder) is Status.ISSUED
    [issued] = facts
    assert isinstance(issued, PermitIssued)
    assert issued.subject == PERMIT
    assert issued.policy == "permit-16.2021-08"
    assert timers == (Timer(f"expiry:{PERMIT}", terms().valid_until),)


def test_the_same_application_twice_is_one_permit() -> None:
    holder, facts, _ = play(application(), application())
    assert len(holder.permits) == 1
    assert len(facts) == 1


def test_a_declared_f0_suspends_and_the_end_reinstates_with_the_original_end() -> None:
    holder, facts, _ = play(application(), F0_BEGINS)
    assert status(holder) is Status.SUSPENDED
    holder, more, timers = play(F0_ENDS, holder=holder)
    assert status(holder) is Status.ISSUED
    assert [type(fact) for fact in facts + more] == [PermitIssued, PermitSuspended, PermitReinstated]
    assert facts[1].why is Why.STANDING
    assert (facts[1].from_status, facts[1].to_status) == (Status.ISSUED, Status.SUSPENDED)
    assert holder.permits[0].terms == terms()
    assert timers == (Timer(f"expiry:{PERMIT}", terms().valid_until),)


def test_two_sources_bar_and_both_must_end() -> None:
    holder, facts, _ = play(application(), F0_BEGINS, QUARANTINE_BEGINS, F0_ENDS)
    assert status(holder) is Status.SUSPENDED
    assert len(facts) == 2
    holder, _, _ = play(QUARANTINE_ENDS, holder=holder)
    assert status(holder) is Status.ISSUED


def test_every_order_of_arrival_ends_the_same() -> None:
    commands = (F0_BEGINS, F0_ENDS, QUARANTINE_BEGINS, QUARANTINE_ENDS, application())
    expected, _, expected_timers = play(*commands)
    assert status(expected) is Status.ISSUED
    for order in permutations(commands):
        holder, facts, timers = play(*order)
        assert replace(holder, trail=expected.trail) == expected, order
        assert timers == expected_timers
        assert _sum_of_changes(facts) == {Status.ISSUED: 1}


def test_every_order_with_duplicates_ends_the_same() -> None:
    commands = (F0_BEGINS, F0_ENDS, QUARANTINE_BEGINS, F0_BEGINS, application())
    expected, _, _ = play(*commands)
    assert expected.is_barred
    for order in permutations(commands):
        holder, facts, _ = play(*order)
        # Whoever was barred first was told "not now" instead of being suspended; both do not travel.
        assert holder.is_barred
        assert status(holder) in (Status.SUSPENDED, Status.REFUSED)
        assert _sum_of_changes(facts).get(Status.ISSUED, 0) == 0


def _sum_of_changes(facts: list[Any]) -> dict[Status, int]:
    totals: dict[Status, int] = {}
    for fact in facts:
        if isinstance(fact, PermitIssued):
            totals[Status.ISSUED] = totals.get(Status.ISSUED, 0) + 1
        else:
            totals[fact.from_status] = totals.get(fact.from_status, 0) - 1
            totals[fact.to_status] = totals.get(fact.to_status, 0) + 1
    return {status: total for status, total in totals.items() if total}


def test_a_barred_person_without_permit_is_remembered_and_told_not_now() -> None:
    holder, facts, _ = play(QUARANTINE_BEGINS)
    assert holder.permits == ()
    holder, facts, _ = play(application(), holder=holder)
    assert status(holder) is Status.REFUSED
    assert facts == []


def test_an_application_told_not_now_comes_into_force_by_itself() -> None:
    _, facts, _ = play(QUARANTINE_BEGINS, application(), QUARANTINE_ENDS)
    assert [type(fact) for fact in facts] == [PermitIssued]


def test_a_permit_whose_time_passed_while_its_holder_was_barred_is_never_issued() -> None:
    holder, _, _ = play(QUARANTINE_BEGINS, application())
    decision = decide(holder, QUARANTINE_ENDS, RULES, terms().valid_until)
    assert decision.facts == ()
    fired = TimerFired(PERSON, f"expiry:{PERMIT}", terms().valid_until)
    decision = decide(decision.state, fired, RULES, terms().valid_until)
    assert told(decision) == ()
    assert decision.timers == ()


def test_an_officers_hold_stays_when_the_standing_ends() -> None:
    holder, facts, _ = play(application(), Suspend(PERSON, PERMIT, OFFICER), F0_BEGINS, F0_ENDS)
    assert status(holder) is Status.SUSPENDED
    assert [type(fact) for fact in facts] == [PermitIssued, PermitSuspended]
    holder, facts, _ = play(Reinstate(PERSON, PERMIT, OFFICER), holder=holder)
    assert status(holder) is Status.ISSUED
    assert isinstance(facts[0], PermitReinstated)


def test_an_officer_cannot_reinstate_what_the_standing_holds() -> None:
    stopped, lifted = Suspend(PERSON, PERMIT, OFFICER), Reinstate(PERSON, PERMIT, OFFICER)
    holder, _, _ = play(application(), F0_BEGINS, stopped, lifted)
    assert status(holder) is Status.SUSPENDED


def test_a_hold_for_fraud_says_so() -> None:
    _, facts, _ = play(application(), Suspend(PERSON, PERMIT, OFFICER, hold=Hold.FRAUD))
    assert facts[-1].why is Why.FRAUD


def test_a_contact_who_becomes_f0_is_barred_without_a_gap() -> None:
    handed_over = replace(QUARANTINE_ENDS, is_handed_over=True)
    for order in permutations((QUARANTINE_BEGINS, handed_over, F0_BEGINS, application())):
        holder, _, _ = play(*order)
        assert holder.is_barred, order
    holder, facts, _ = play(application(), QUARANTINE_BEGINS, handed_over)
    assert status(holder) is Status.SUSPENDED
    assert len(facts) == 2
    for order in permutations((QUARANTINE_BEGINS, handed_over, F0_BEGINS, F0_ENDS, application())):
        assert status(play(*order)[0]) is Status.ISSUED


def test_a_revoked_permit_stays_revoked() -> None:
    holder, facts, timers = play(application(), F0_BEGINS, Revoke(PERSON, PERMIT, OFFICER), F0_ENDS)
    assert status(holder) is Status.REVOKED
    assert isinstance(facts[-1], PermitRevoked)
    assert facts[-1].from_status is Status.SUSPENDED
    assert timers == ()
    with pytest.raises(NotInForce):
        decide(holder, Reinstate(PERSON, PERMIT, OFFICER), RULES, NOW)


def test_a_permit_expires_by_its_timer_whatever_its_standing() -> None:
    holder, _, _ = play(application(), F0_BEGINS)
    fired = TimerFired(PERSON, f"expiry:{PERMIT}", terms().valid_until)
    decision = decide(holder, fired, RULES, terms().valid_until)
    [expired] = told(decision)
    assert isinstance(expired, PermitExpired)
    assert (expired.from_status, expired.to_status) == (Status.SUSPENDED, Status.EXPIRED)
    assert decision.timers == ()
    assert decide(decision.state, F0_ENDS, RULES, NOW).facts == ()


def test_a_timer_that_fires_twice_ends_once() -> None:
    holder, _, _ = play(application())
    fired = TimerFired(PERSON, f"expiry:{PERMIT}", terms().valid_until)
    first = decide(holder, fired, RULES, terms().valid_until)
    second = decide(first.state, fired, RULES, terms().valid_until)
    assert second.facts == ()


def test_older_news_of_a_source_changes_nothing() -> None:
    holder, _, _ = play(application(), F0_ENDS)
    decision = decide(holder, F0_BEGINS, RULES, NOW)
    assert decision.state is holder
    assert decision.facts == ()


def test_a_queued_application_is_settled_by_an_officer_of_the_area() -> None:
    asked = application(terms=terms(category="family-emergency"), by=CITIZEN)
    holder, facts, _ = play(asked)
    assert status(holder) is Status.QUEUED
    assert facts == []
    approve = SettleQueued(PERSON, PERMIT, OFFICER, outcome=Outcome.APPROVED)
    with pytest.raises(OutsideYourArea):
        decide(holder, replace(approve, by=OTHER_OFFICER), RULES, NOW)
    holder, facts, _ = settles(holder, approve)
    assert status(holder) is Status.ISSUED
    assert isinstance(facts[0], PermitIssued)
    with pytest.raises(NotInQueue):
        decide(holder, approve, RULES, NOW)


def test_a_refused_application_keeps_the_sentence_for_the_applicant() -> None:
    refuse = SettleQueued(PERSON, PERMIT, OFFICER, outcome=Outcome.REFUSED, reason="Thiếu giấy xác nhận.")
    asked, _, _ = play(application(terms=terms(category="return-home")))
    holder, facts, timers = settles(asked, refuse)
    assert status(holder) is Status.REFUSED
    assert holder.permits[0].ruling.reason == "Thiếu giấy xác nhận."
    assert facts == []
    assert timers == ()


def test_a_queued_application_of_a_barred_person_waits_after_approval() -> None:
    approve = SettleQueued(PERSON, PERMIT, OFFICER, outcome=Outcome.APPROVED)
    asked, _, _ = play(F0_BEGINS, application(terms=terms(category="family-emergency")))
    holder, facts, _ = settles(asked, approve)
    assert status(holder) is Status.REFUSED
    assert facts == []
    holder, facts, _ = play(F0_ENDS, holder=holder)
    assert status(holder) is Status.ISSUED


def test_citizens_apply_for_themselves_only_and_employers_for_staff() -> None:
    assert status(play(application(by=CITIZEN))[0]) is Status.ISSUED
    assert status(play(application(by=EMPLOYER))[0]) is Status.ISSUED
    stranger = replace(CITIZEN, person_id="pmau0002")
    with pytest.raises(NotYours):
        decide(None, application(by=stranger), RULES, NOW)
    with pytest.raises(OutsideYourArea):
        decide(None, application(by=OTHER_OFFICER), RULES, NOW)


def test_employers_apply_for_work_and_not_for_the_private_life_of_staff() -> None:
    categories = RULES.policy_on(Directive.DIRECTIVE_16, NOW.date()).categories
    assert set(categories) > PRIVATE
    for category in categories:
        asked = application(by=EMPLOYER, terms=terms(category=category, windows=()))
        if category in PRIVATE:
            with pytest.raises(NotYours):
                decide(None, asked, RULES, NOW)
        else:
            decide(None, asked, RULES, NOW)
    employed_citizen = replace(CITIZEN, roles=CITIZEN.roles | EMPLOYER.roles)
    own = application(by=employed_citizen, terms=terms(category="medical-visit", windows=()))
    assert status(play(own)[0]) is Status.ISSUED


def test_nobody_collects_permits() -> None:
    many = [application(permit_id=f"MAU{number:013d}") for number in range(6)]
    holder, _, _ = play(*many[:5])
    with pytest.raises(TooManyPermits):
        decide(holder, many[5], RULES, NOW)


def test_old_ended_permits_leave_the_file_and_live_ones_never_do() -> None:
    holder: Holder | None = None
    for number in range(14):
        at = NOW + number * 72 * HOUR
        asked = application(
            permit_id=f"MAU{number:013d}", terms=terms(valid_from=at, valid_until=at + 71 * HOUR)
        )
        holder = decide(holder, asked, RULES, at).state
        fired = TimerFired(PERSON, f"expiry:{asked.permit_id}", at + 71 * HOUR)
        holder = decide(holder, fired, RULES, at + 71 * HOUR).state
    assert holder is not None
    assert len(holder.permits) == 10
    assert holder.permits[-1].permit_id == "MAU0000000000013"


def test_acts_on_unknown_permits_are_refused() -> None:
    with pytest.raises(PermitNotFound):
        decide(None, Revoke(PERSON, "KHONGCO", OFFICER), RULES, NOW)


def test_the_answer_is_small() -> None:
    answer = decide(None, application(), RULES, NOW).answer
    assert answer == {"person_id": PERSON, "permit_id": PERMIT, "status": "issued"}
