"""What F0 care and the checkpoints say, in every order of arrival."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarantine.domain.commands import (
    NoteClosedF0,
    NoteDeclaredF0,
    NoteReport,
    NoteScan,
    RecordPositive,
    ReleaseFromQuarantine,
)
from quarantine.domain.decide import decide
from quarantine.domain.errors import DateImpossible, NotInQuarantine
from quarantine.domain.facts import (
    ContactBecameF0,
    QuarantineBreached,
    QuarantineEnded,
    QuarantineOrdered,
)
from quarantine.domain.infection import F0Outcome
from quarantine.domain.model import Category, Immunity, Outcome, Place
from quarantine.domain.standing import ending, is_open
from quarantine.domain.swabs import Assay

PERSON = "pquarantined"


def run(case, commands, rules, now):
    """Apply *commands* one after another; what is refused is tried again at the end, as a person would."""
    facts, refused = [], []
    for command in commands:
        try:
            decision = decide(case, command, rules, now)
        except NotInQuarantine:
            refused.append(command)
            continue
        case, facts = decision.state, [*facts, *decision.facts]
    for command in refused:
        try:
            decision = decide(case, command, rules, now)
        except NotInQuarantine:
            continue
        case, facts = decision.state, [*facts, *decision.facts]
    return case, facts


def test_somebody_declared_f0_leaves_quarantine_as_a_contact_that_became_f0(quarantined, rules, local):
    case = quarantined()
    declared_at = local("2021-08-05T09:00")
    decision = decide(case, NoteDeclaredF0(PERSON, 1, declared_at), rules, declared_at)

    area = case.person.area
    assert decision.facts == (
        ContactBecameF0(PERSON, area, Category.F1, Place.HOME, date(2021, 8, 5)),
        QuarantineEnded(PERSON, area, Category.F1, Place.HOME, Outcome.BECAME_F0, date(2021, 8, 5)),
    )
    assert ending(decision.state).outcome is Outcome.BECAME_F0


def test_a_withdrawn_f0_declaration_reinstates_the_stay_exactly_as_it_was(quarantined, rules, local):
    before = quarantined()
    now = local("2021-08-06T15:00")
    after, facts = run(
        before,
        [
            NoteDeclaredF0(PERSON, 1, local("2021-08-05T09:00")),
            NoteClosedF0(PERSON, 4, F0Outcome.WRONGLY_DECLARED, date(2021, 8, 6)),
        ],
        rules,
        now,
    )

    assert is_open(after)
    assert after.stay == before.stay
    assert isinstance(facts[-1], QuarantineOrdered)
    assert facts[-1].ends_on == date(2021, 8, 15)


@pytest.mark.parametrize("outcome", [F0Outcome.RECOVERED, F0Outcome.DIED])
def test_a_recovered_or_dead_f0_does_not_come_back_into_quarantine(quarantined, rules, local, outcome):
    after, facts = run(
        quarantined(),
        [
            NoteDeclaredF0(PERSON, 1, local("2021-08-05T09:00")),
            NoteClosedF0(PERSON, 9, outcome, date(2021, 8, 12)),
        ],
        rules,
        local("2021-08-12T10:00"),
    )

    assert ending(after).outcome is Outcome.BECAME_F0
    assert [type(fact) for fact in facts] == [ContactBecameF0, QuarantineEnded]


def test_days_that_ran_out_during_a_false_f0_declaration_count_as_done(quarantined, rules, local):
    after, facts = run(
        quarantined(),
        [
            NoteDeclaredF0(PERSON, 1, local("2021-08-14T09:00")),
            NoteClosedF0(PERSON, 2, F0Outcome.WRONGLY_DECLARED, date(2021, 8, 16)),
        ],
        rules,
        local("2021-08-16T10:00"),
    )

    assert (ending(after).outcome, ending(after).on) == (Outcome.COMPLETED, date(2021, 8, 15))
    assert sum(isinstance(fact, QuarantineOrdered) for fact in facts) == 0


def test_an_old_recovery_says_nothing_about_a_new_exposure(order, rules, local):
    recovered, _ = run(
        None,
        [
            NoteDeclaredF0(PERSON, 1, local("2021-05-05T09:00")),
            NoteClosedF0(PERSON, 5, F0Outcome.RECOVERED, date(2021, 5, 20)),
        ],
        rules,
        local("2021-05-20T10:00"),
    )

    assert is_open(decide(recovered, order(), rules, local("2021-08-02T08:00")).state)


def test_an_f0_fact_about_somebody_unknown_is_kept_and_tells_nothing(rules, local):
    decision = decide(
        None, NoteDeclaredF0(PERSON, 1, local("2021-08-05T09:00")), rules, local("2021-08-05T09:00")
    )

    assert decision.facts == ()
    assert decision.state.infection.is_under_care


def test_becoming_f0_before_the_release_is_learned_after_it(quarantined, officer, rules, local):
    case, facts = run(
        quarantined(),
        [
            ReleaseFromQuarantine(PERSON, officer, Outcome.COMPLETED),
            NoteDeclaredF0(PERSON, 1, local("2021-08-15T07:00")),
        ],
        rules,
        local("2021-08-15T08:00"),
    )

    assert ending(case).outcome is Outcome.BECAME_F0
    # The end is told once: totals of those in quarantine stay sums of facts.
    assert [type(fact) for fact in facts] == [QuarantineEnded, ContactBecameF0]


def test_becoming_f0_after_the_release_changes_nothing_here(quarantined, officer, rules, local):
    case, facts = run(
        quarantined(),
        [
            ReleaseFromQuarantine(PERSON, officer, Outcome.COMPLETED),
            NoteDeclaredF0(PERSON, 1, local("2021-08-15T09:00")),
        ],
        rules,
        local("2021-08-15T08:00"),
    )

    assert ending(case).outcome is Outcome.COMPLETED
    assert [type(fact) for fact in facts] == [QuarantineEnded]


def test_an_undone_entry_stays_undone_whatever_arrives(quarantined, officer, rules, local):
    case, facts = run(
        quarantined(),
        [
            ReleaseFromQuarantine(PERSON, officer, Outcome.WRONG_ENTRY, "sealed"),
            NoteDeclaredF0(PERSON, 1, local("2021-08-03T07:00")),
        ],
        rules,
        local("2021-08-03T08:00"),
    )

    assert ending(case).outcome is Outcome.WRONG_ENTRY
    assert [type(fact) for fact in facts] == [QuarantineEnded]


def positive_of(at, day=date(2021, 8, 5)):
    """A station's officer takes down a positive test."""

    def record(case, officer, rules):
        command = RecordPositive(PERSON, officer, "test-1", Assay.RAPID, day, age_years=36)
        return decide(case, command, rules, at)

    return record


def test_a_positive_test_ends_the_stay_and_says_what_f0_care_needs(quarantined, officer, rules, local):
    at = local("2021-08-06T09:00")
    decision = positive_of(at)(quarantined(immunity=Immunity(doses=1)), officer, rules)

    told, ended = decision.facts
    assert isinstance(told, ContactBecameF0)
    assert (told.tested_on, told.positive.test_id, told.positive.age_years) == (
        date(2021, 8, 5),
        "test-1",
        36,
    )
    assert told.positive.doses == 1
    assert (ended.outcome, ended.ended_on) == (Outcome.BECAME_F0, date(2021, 8, 6))
    with pytest.raises(NotInQuarantine):
        positive_of(at)(decision.state, officer, rules)


def test_f0_care_that_answers_a_positive_test_changes_nothing_here(quarantined, officer, rules, local):
    case = positive_of(local("2021-08-06T09:00"))(quarantined(), officer, rules).state
    after, facts = run(
        case, [NoteDeclaredF0(PERSON, 1, local("2021-08-06T09:01"))], rules, local("2021-08-06T10:00")
    )
    assert (facts, ending(after)) == ([], ending(case))


def test_a_positive_test_found_wrong_brings_the_stay_back(quarantined, officer, rules, local):
    case = positive_of(local("2021-08-06T09:00"))(quarantined(), officer, rules).state
    wrong = [
        NoteDeclaredF0(PERSON, 1, local("2021-08-06T09:01")),
        NoteClosedF0(PERSON, 3, F0Outcome.WRONGLY_DECLARED, date(2021, 8, 6)),
    ]
    for order in (wrong, wrong[::-1]):
        after, facts = run(case, order, rules, local("2021-08-06T15:00"))
        assert is_open(after)
        assert [type(fact) for fact in facts] == [QuarantineOrdered]
    again = positive_of(local("2021-08-07T09:00"), date(2021, 8, 7))(after, officer, rules)
    assert [type(fact) for fact in again.facts] == [ContactBecameF0, QuarantineEnded]


@pytest.mark.parametrize("tested_on", [date(2021, 8, 7), date(2021, 7, 1)])
def test_a_test_of_an_impossible_day_is_refused(quarantined, officer, rules, local, tested_on):
    with pytest.raises(DateImpossible):
        positive_of(local("2021-08-06T09:00"), tested_on)(quarantined(), officer, rules)


HOURS = st.integers(1, 13 * 24)


@st.composite
def foreign_facts(draw):
    """Facts of other services about one person: F0 episodes in sequence, scans, declarations; with copies."""
    facts, sequence = [], 0
    for _ in range(draw(st.integers(0, 3))):
        sequence += draw(st.integers(1, 3))
        facts.append(("declared", sequence, draw(HOURS)))
        if draw(st.booleans()):
            sequence += draw(st.integers(1, 3))
            facts.append(("closed", sequence, draw(st.sampled_from(F0Outcome)), draw(st.integers(0, 20))))
    facts += [("scan", n, draw(HOURS)) for n in range(draw(st.integers(0, 3)))]
    facts += [("report", draw(HOURS), draw(st.booleans())) for _ in range(draw(st.integers(0, 3)))]
    copies = draw(st.lists(st.sampled_from(facts), max_size=3)) if facts else []
    return facts, draw(st.permutations(facts + copies)), draw(st.permutations(facts + copies))


def to_command(fact, start):
    match fact:
        case ("declared", sequence, hours):
            return NoteDeclaredF0(PERSON, sequence, start + timedelta(hours=hours))
        case ("closed", sequence, outcome, days):
            return NoteClosedF0(PERSON, sequence, outcome, start.date() + timedelta(days=days))
        case ("scan", number, hours):
            return NoteScan(PERSON, f"scan-{number}", "chot-1", start + timedelta(hours=hours))
        case ("report", hours, has_symptoms):
            return NoteReport(PERSON, start + timedelta(hours=hours), has_symptoms)
    raise AssertionError


def essence(case):
    """Everything about a file but the order in which its scans came."""
    return replace(case, scans=tuple(sorted(case.scans)))


@given(world=foreign_facts())
def test_every_order_of_arrival_ends_in_the_same_file(quarantined, rules, local, world):
    facts, one, other = world
    start, now = local("2021-08-02T08:00"), local("2021-08-15T20:00")

    first, _ = run(quarantined(), [to_command(f, start) for f in one], rules, now)
    second, _ = run(quarantined(), [to_command(f, start) for f in other], rules, now)
    in_order, _ = run(quarantined(), [to_command(f, start) for f in facts], rules, now)

    recovered_meanwhile = any(f[0] == "closed" for f in facts) and any(f[0] == "scan" for f in facts)
    if recovered_meanwhile:  # whether a scan broke the quarantine of somebody recovered is told when it comes
        first, second, in_order = (replace(c, scans=()) for c in (first, second, in_order))
    assert essence(first) == essence(second) == essence(in_order)


@given(world=foreign_facts())
def test_after_a_positive_test_every_order_of_arrival_ends_the_same(
    quarantined, officer, rules, local, world
):
    _, one, other = world
    start, now = local("2021-08-02T08:00"), local("2021-08-15T20:00")
    case = positive_of(local("2021-08-06T09:00"))(quarantined(), officer, rules).state
    first, _ = run(case, [to_command(f, start) for f in one], rules, now)
    second, _ = run(case, [to_command(f, start) for f in other], rules, now)
    assert ending(first) == ending(second)


@given(world=foreign_facts(), data=st.data())
def test_an_officers_release_among_them_ends_the_same(quarantined, officer, rules, local, world, data):
    _, one, other = world
    start, now = local("2021-08-02T08:00"), local("2021-08-15T20:00")
    release = ReleaseFromQuarantine(PERSON, officer, Outcome.COMPLETED)

    def standing(facts):
        commands = [to_command(f, start) for f in facts]
        commands.insert(data.draw(st.integers(0, len(commands))), release)
        case, _ = run(quarantined(), commands, rules, now)
        return ending(case).outcome

    assert standing(one) == standing(other)


@given(world=foreign_facts())
def test_orders_minus_ends_always_tell_whether_somebody_is_in_quarantine(quarantined, rules, local, world):
    _, facts, _ = world
    start, now = local("2021-08-02T08:00"), local("2021-08-15T20:00")
    case, open_ = quarantined(), 1
    for fact in facts:
        decision = decide(case, to_command(fact, start), rules, now)
        case = decision.state
        open_ += sum(isinstance(f, QuarantineOrdered) for f in decision.facts)
        open_ -= sum(isinstance(f, QuarantineEnded) for f in decision.facts)
        assert open_ == is_open(case)


def scan(scanned_at, number=1):
    return NoteScan(PERSON, f"scan-{number}", "chot-1", scanned_at)


def test_a_scan_during_home_quarantine_is_a_breach_once(quarantined, rules, local):
    case, at = quarantined(), local("2021-08-05T10:00")
    first = decide(case, scan(at), rules, at)
    again = decide(first.state, scan(at), rules, at)

    assert first.facts == (
        QuarantineBreached(PERSON, case.person.area, at=at, checkpoint_id="chot-1", evidence_id="scan-1"),
    )
    assert again.facts == ()
    assert again.state is first.state
    assert len(decide(first.state, scan(at, 2), rules, at).facts) == 1


@pytest.mark.parametrize(
    ("at", "is_breach"),
    [
        ("2021-08-02T07:59", False),  # before the order
        ("2021-08-02T08:00", True),
        ("2021-08-15T23:59", True),
        ("2021-08-16T00:00", False),  # the days are done, whether or not somebody clicked
    ],
)
def test_a_scan_counts_by_its_own_time_however_late_it_is_uploaded(quarantined, rules, local, at, is_breach):
    decision = decide(quarantined(), scan(local(at)), rules, local("2021-08-20T08:00"))

    assert bool(decision.facts) is is_breach


def test_an_offline_scan_uploaded_after_the_release_still_counts(quarantined, officer, rules, local):
    released = decide(
        quarantined(),
        ReleaseFromQuarantine(PERSON, officer, Outcome.COMPLETED),
        rules,
        local("2021-08-15T08:00"),
    ).state

    assert decide(released, scan(local("2021-08-10T10:00")), rules, local("2021-08-15T09:00")).facts
    assert not decide(released, scan(local("2021-08-15T08:30")), rules, local("2021-08-15T09:00")).facts


def test_people_in_a_facility_or_unknown_here_break_no_home_quarantine(quarantined, rules, local):
    at = local("2021-08-05T10:00")

    assert decide(quarantined(place=Place.FACILITY), scan(at), rules, at).facts == ()
    assert decide(None, scan(at), rules, at).facts == ()
