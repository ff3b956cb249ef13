"""What changes at 00:00: open stays under the documents of another day, foreseen and applied alike."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quarantine.domain.commands import (
    ApplyProtocol,
    ExtendQuarantine,
    NoteDeclaredF0,
    OrderQuarantine,
    ReleaseFromQuarantine,
)
from quarantine.domain.decide import decide
from quarantine.domain.errors import (
    NoProtocolInForce,
    NotInQuarantine,
    PreviewOutdated,
    ProtocolInForce,
    QuarantineNotRequired,
    UnknownProtocol,
)
from quarantine.domain.facts import QuarantineEnded, QuarantineExtended
from quarantine.domain.model import Basis, Category, ExtensionReason, Immunity, Origin, Outcome, Place
from quarantine.domain.outlook import CHANGING, Effect, outlook
from quarantine.domain.standing import ending, is_open

PERSON = "pquarantined"
TWO_DOSES = Immunity(2, date(2021, 7, 1))


@pytest.fixture
def foreseen(rules, area):
    """Tell what becomes of a case on a day, under the real documents or others."""

    def see(case, on: str, under=rules):
        return outlook(case.stay, area, under, date.fromisoformat(on))

    return see


@pytest.fixture
def apply(officer, rules, local, foreseen):
    """Apply on a day what is foreseen for that day."""

    def do(case, at: str, under=rules, *, seen: date | None = None):
        end = seen or foreseen(case, at[:10], under).ends_on
        return decide(case, ApplyProtocol(PERSON, officer, end), under, local(at))

    return do


@pytest.fixture
def december(quarantined, local):
    """An F1 exposed on 14 December 2021, ordered the next day under 5599: until the 28th."""

    def make(**changes):
        given = {"last_exposure_on": date(2021, 12, 14), "immunity": TWO_DOSES} | changes
        return quarantined(local("2021-12-15T08:00"), **given)

    return make


def test_10696_shortens_an_open_stay_of_a_vaccinated_f1_and_says_so(december, foreseen):
    seen = foreseen(december(), "2021-12-16")

    assert (seen.effect, seen.regime.code) == (Effect.MOVES, "10696-byt-mt.f1-protected")
    assert seen.ends_on == date(2021, 12, 21)  # 7 days instead of 14
    assert seen.test_days == (0, 6)  # 15 and 21 December


def test_until_the_document_is_in_force_nothing_changes(december, foreseen):
    assert foreseen(december(), "2021-12-15").effect is Effect.UNCHANGED


def test_whoever_has_already_stayed_longer_than_the_new_days_ends_at_once(december, foreseen):
    assert foreseen(december(), "2021-12-21").effect is Effect.MOVES  # the last day is today
    seen = foreseen(december(), "2021-12-22")

    assert (seen.effect, seen.ends_on) == (Effect.ENDS, date(2021, 12, 22))
    assert seen.test_days == (0, 6)  # what was owed until then stays written


def test_a_document_that_asks_for_tests_does_not_let_anybody_go_without_them(december, foreseen, rules):
    asking = replace(
        rules,
        protocols=tuple(
            replace(p, regimes=tuple(replace(r, needs_tests_to_release=True) for r in p.regimes))
            for p in rules.protocols
        ),
    )
    seen = foreseen(december(), "2021-12-24", asking)

    assert (seen.effect, seen.ends_on) == (Effect.MOVES, date(2021, 12, 24))


def test_a_stay_whose_days_are_over_by_then_is_no_longer_the_new_documents(december, foreseen):
    assert foreseen(december(), "2021-12-29").effect is Effect.UNCHANGED


def test_a_test_day_that_is_past_stays_and_one_that_is_now_wanted_is_owed_today(quarantined, local, foreseen):
    # 10696 asked an unvaccinated F1 on days 1 and 10; 762 asks on day 7 of 7.
    case = quarantined(local("2022-02-14T08:00"), last_exposure_on=date(2022, 2, 14))
    assert case.stay.test_days == (1, 10)
    seen = foreseen(case, "2022-02-21")

    assert (seen.ends_on, seen.test_days) == (date(2022, 2, 21), (1, 7))
    # 6386 asks the protected on days 1 and 7, 4800 on day 1 only: the last day stays, a test falls away.
    entrant = quarantined(
        local("2021-10-10T08:00"),
        category=Category.ENTRANT,
        origin=Origin.LOCKED_AREA,
        last_exposure_on=date(2021, 10, 10),
        immunity=TWO_DOSES,
    )
    other = foreseen(entrant, "2021-10-12")
    assert (other.effect, other.ends_on, other.test_days) == (Effect.MOVES, entrant.stay.ends_on, (0,))


def test_a_dose_does_not_ripen_because_somebody_is_in_quarantine(december, foreseen):
    """On the 16th the second dose is 14 days old, but on the day of the order it was not."""
    case = december(immunity=Immunity(2, date(2021, 12, 2)))

    assert foreseen(case, "2021-12-16").regime.code == "10696-byt-mt.f1-others"


@pytest.mark.parametrize("reason", [r for r in ExtensionReason if r is not ExtensionReason.PROTOCOL_CHANGED])
def test_a_last_day_that_an_officer_set_for_a_reason_is_kept(
    december, foreseen, apply, officer, rules, local, reason
):
    longer = ExtendQuarantine(PERSON, officer, date(2021, 12, 30), reason, "sealed")
    case = decide(december(), longer, rules, local("2021-12-15T09:00")).state
    seen = foreseen(case, "2021-12-16")

    assert (seen.effect, seen.ends_on) == (Effect.KEPT, date(2021, 12, 30))
    assert apply(case, "2021-12-16T08:00").state is case


def test_a_file_from_before_the_basis_was_kept_is_not_guessed_at(december, foreseen):
    case = december()
    old = replace(case, stay=replace(case.stay, basis=None))

    assert foreseen(old, "2021-12-15").effect is Effect.UNCHANGED  # the same documents as then
    assert foreseen(old, "2021-12-16").effect is Effect.UNJUDGED


def test_a_gap_between_documents_leaves_the_order_as_it_is_and_says_so(december, foreseen, apply, rules):
    case, kept = december(), tuple(p for p in rules.protocols if p.code in ("5599-byt-mt", "local-1"))
    gap = replace(
        rules,
        protocols=tuple(replace(p, effective_to=date(2021, 12, 15)) for p in kept),
    )

    assert foreseen(case, "2021-12-16", gap).effect is Effect.UNJUDGED
    assert apply(case, "2021-12-16T08:00", gap).state is case


def test_applying_moves_the_stay_tells_from_and_to_and_names_the_document(december, apply):
    decision = apply(december(), "2021-12-16T00:00")
    [fact] = decision.facts

    assert isinstance(fact, QuarantineExtended)
    assert (fact.from_ends_on, fact.to_ends_on) == (date(2021, 12, 28), date(2021, 12, 21))
    assert (fact.reason, fact.protocol, fact.test_days) == (
        ExtensionReason.PROTOCOL_CHANGED, "10696-byt-mt.f1-protected", (0, 6),
    )  # fmt: skip
    assert decision.state.stay.protocol == fact.protocol
    assert decision.answer["effect"] == "moves"
    assert is_open(decision.state)


def test_whoever_ends_at_once_is_released_as_completed_with_one_end(december, apply):
    decision = apply(december(), "2021-12-22T00:00")
    moved, ended = decision.facts

    assert isinstance(moved, QuarantineExtended)
    assert isinstance(ended, QuarantineEnded)
    assert (ended.outcome, ended.ended_on) == (Outcome.COMPLETED, date(2021, 12, 22))
    assert ending(decision.state).outcome is Outcome.COMPLETED
    assert decision.timers == ()


def test_applying_twice_changes_nothing_more(december, apply):
    once = apply(december(), "2021-12-16T08:00").state
    again = apply(once, "2021-12-17T08:00")

    assert again.state is once
    assert again.facts == ()
    assert again.answer["effect"] == "unchanged"


def test_an_end_that_is_no_longer_what_was_seen_is_refused(december, apply):
    with pytest.raises(PreviewOutdated, match="21/12/2021"):
        apply(december(), "2021-12-16T08:00", seen=date(2021, 12, 20))


def test_only_open_stays_change(december, apply, officer, rules, local):
    released = decide(
        december(),
        ReleaseFromQuarantine(PERSON, officer, Outcome.LOST, "s"),
        rules,
        local("2021-12-15T09:00"),
    ).state
    ill = decide(
        december(), NoteDeclaredF0(PERSON, 1, local("2021-12-15T09:00")), rules, local("2021-12-15T09:00")
    )

    for case in (released, ill.state):
        with pytest.raises(NotInQuarantine):
            apply(case, "2021-12-16T08:00")


def test_a_candidate_is_tried_before_it_is_adopted(december, foreseen, rules, area):
    today = date(2021, 12, 15)
    tried = rules.adopting("1909-byt-dp", today, area)
    pilot = rules.adopting("5152-byt-mt", today, area)  # made for another province

    for on in ("2021-12-15", "2021-12-16"):
        assert foreseen(december(), on, tried).effect is Effect.ENDS
    longer = foreseen(december(), "2021-12-16", pilot)
    assert (longer.ends_on, longer.test_days) == (date(2022, 1, 11), (0, 6, 13, 19, 27))
    assert foreseen(december(), "2021-12-15").effect is Effect.UNCHANGED  # the rules themselves are as before


def test_a_candidate_must_exist_and_not_be_in_force_already(rules, area):
    with pytest.raises(UnknownProtocol):
        rules.adopting("9999-byt", date(2021, 12, 15), area)
    with pytest.raises(ProtocolInForce, match="5599"):
        rules.adopting("5599-byt-mt", date(2021, 12, 15), area)


@pytest.mark.parametrize(
    ("today", "change"),
    [
        ("2021-07-01", "2021-07-14"),
        ("2021-07-14", "2021-08-04"),
        ("2021-12-15", "2021-12-16"),
        ("2021-12-16", "2022-02-21"),
        ("2022-02-21", None),  # 1909 is not adopted
    ],
)
def test_the_next_change_is_the_first_day_with_other_documents(rules, area, today, change):
    found = rules.next_change(date.fromisoformat(today), area)

    assert found == (date.fromisoformat(change) if change else None)


DAYS = st.dates(date(2021, 6, 1), date(2022, 6, 1))
BASES = st.builds(
    Basis,
    st.sampled_from(Origin),
    st.builds(
        Immunity,
        st.integers(0, 3),
        st.none() | st.dates(date(2021, 3, 1), date(2022, 3, 1)),
        st.none() | DAYS,
    ),
)
CASES = st.tuples(
    DAYS, st.integers(0, 6), st.sampled_from(Category), st.sampled_from(Place), BASES,
    st.none() | st.tuples(st.sampled_from(ExtensionReason), st.integers(-3, 10)),
)  # fmt: skip


def some_case(order, officer, rules, local, given):
    """Order somebody into quarantine, perhaps with a last day moved by hand; None if nothing is to order."""
    day, exposed, category, place, basis, moved = given
    command: OrderQuarantine = order(
        category=category,
        place=place,
        last_exposure_on=day - timedelta(days=exposed),
        origin=basis.origin,
        immunity=basis.immunity,
    )
    now = local(f"{day}T09:00")
    try:
        case = decide(None, command, rules, now).state
    except (NoProtocolInForce, QuarantineNotRequired):
        return None
    end = case.stay.ends_on + timedelta(days=moved[1]) if moved else case.stay.ends_on
    if end != case.stay.ends_on and end >= day:
        case = decide(case, ExtendQuarantine(PERSON, officer, end, moved[0], "sealed"), rules, now).state
    return case


@settings(deadline=None)
@given(given=CASES, later=st.integers(0, 40), hour=st.integers(0, 23))
def test_what_is_foreseen_is_what_applying_then_does(order, officer, rules, area, local, given, later, hour):
    case = some_case(order, officer, rules, local, given)
    assume(case is not None)
    on = given[0] + timedelta(days=later)
    seen = outlook(case.stay, area, rules, on)
    decision = decide(case, ApplyProtocol(PERSON, officer, seen.ends_on), rules, local(f"{on}T{hour:02}:00"))

    stay = decision.state.stay
    assert (stay.ends_on, stay.test_days) == (seen.ends_on, seen.test_days)
    assert is_open(decision.state) == (seen.effect is not Effect.ENDS)
    assert bool(decision.facts) == (seen.effect in CHANGING)
    assert decision.answer["effect"] == seen.effect
    assert case.stay.starts_on <= stay.ends_on
    if seen.effect in CHANGING:
        assert stay.ends_on >= on
        assert stay.protocol == seen.regime.code
        assert max(stay.test_days, default=0) <= (stay.ends_on - stay.starts_on).days
        if is_open(decision.state):
            again = outlook(stay, area, rules, on + timedelta(days=1))
            assert again.effect is Effect.UNCHANGED or rules.next_change(on, area) == on + timedelta(days=1)


@settings(deadline=None)
@given(given=CASES)
def test_the_day_of_the_order_changes_nobody(order, officer, rules, area, local, given):
    """The function that counted an open stay counts it again: the same documents give the same days."""
    case = some_case(order, officer, rules, local, given)
    assume(case is not None)

    assert outlook(case.stay, area, rules, given[0]).effect is Effect.UNCHANGED
