"""Whatever arrives first: what the household's files say in the end is the same."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from common.kernel.areas import Actor, Area
from quarantine.domain.acts import NoteHomeCase, RecordTest
from quarantine.domain.commands import NoteClosedF0, NoteDeclaredF0, OrderQuarantine
from quarantine.domain.decide import decide
from quarantine.domain.infection import F0Outcome
from quarantine.domain.model import Case, Category, Immunity, Person, Place
from quarantine.domain.registers import HomeExposure
from quarantine.domain.schedule import missing, next_owed
from quarantine.domain.swabs import Assay, SampledAt, Verdict
from quarantine.rulebook import read_rules
from services.quarantine.tests.conftest import PERSON, RULES, VIETNAM

READ = read_rules(RULES)
OFFICER = Actor("cb-05443", frozenset({"health_officer"}), frozenset({"05443"}))
NOW = datetime(2021, 8, 12, 8, tzinfo=VIETNAM)
ORDER = OrderQuarantine(
    PERSON,
    OFFICER,
    Person(Area("05443", "164"), "sealed", (), "ho-1"),
    Category.F1,
    Place.HOME,
    date(2021, 8, 8),
    Immunity(),
)
WORDS = (
    ORDER,
    NoteHomeCase(PERSON, HomeExposure("pa", 3, date(2021, 8, 10))),
    NoteHomeCase(PERSON, HomeExposure("pa", 7, None)),
    NoteHomeCase(PERSON, HomeExposure("pb", 4, date(2021, 8, 9))),
    NoteHomeCase(PERSON, HomeExposure("pc", 2, date(2021, 8, 11))),
    NoteHomeCase(PERSON, HomeExposure("pc", 5, None)),
    NoteDeclaredF0(PERSON, 1, NOW.replace(hour=9)),
    NoteClosedF0(PERSON, 2, F0Outcome.WRONGLY_DECLARED, date(2021, 8, 12)),
)


def told(commands: Any) -> Case | None:
    """Apply *commands* one after the other."""
    case: Case | None = None
    for command in commands:
        case = decide(case, command, READ, NOW).state
    return case


def days(case: Case | None) -> Any:
    assert case is not None
    assert case.stay is not None
    stay = case.stay
    return (stay.last_exposure_on, stay.ends_on, stay.test_days, stay.category, stay.moved_because, case.home)


@given(st.permutations(WORDS[1:6]), st.integers(0, 5), st.lists(st.sampled_from(WORDS[1:6]), max_size=4))
def test_any_order_and_any_repetition_end_the_same(words, place, again):
    shuffled = [*words[:place], ORDER, *words[place:], *again]

    case = told(shuffled)

    assert days(case) == days(told(WORDS[:6]))
    assert case.stay.last_exposure_on == date(2021, 8, 9)
    assert case.stay.ends_on >= date(2021, 8, 22)


@given(st.permutations(WORDS[1:]))
def test_being_an_f0_meanwhile_and_not_changes_nothing(words):
    assert days(told([ORDER, *words])) == days(told(WORDS[:6]))


@given(st.permutations([WORDS[1], WORDS[2], WORDS[4], WORDS[5]]))
def test_when_all_is_withdrawn_the_stay_is_as_it_was_ordered(words):
    assert replace(told([ORDER, *words]).stay, duty=None) == replace(told([ORDER]).stay, duty=None)


@given(st.sets(st.integers(0, 4), max_size=5), st.randoms())
def test_the_order_in_which_results_are_written_down_does_not_matter(taken, chance):
    commands = [
        RecordTest(
            PERSON,
            OFFICER,
            f"test-{day}",
            Assay.RAPID,
            Verdict.NEGATIVE,
            SampledAt.HOME,
            NOW.replace(day=8 + day, hour=7),
        )
        for day in sorted(taken)
    ]
    shuffled = chance.sample(commands, len(commands))
    ordered = replace(ORDER, starts_on=date(2021, 8, 8))

    one, other = told([ordered, *commands]), told([ordered, *shuffled])

    assert missing(one.stay) == missing(other.stay)
    assert next_owed(one.stay) == next_owed(other.stay)
