"""The dated policies of the directives."""

from datetime import date
from typing import Any

import pytest

from common.kernel.errors import Invalid
from permit.domain.errors import (
    InvalidPeriod,
    InvalidPlate,
    InvalidWindow,
    PlateRequired,
    UnknownCategory,
)
from permit.domain.model import Outcome, Ruling, Window
from permit.domain.rules import Directive, normal_plate, ruling_on, strictest
from services.permit.tests.samples import EVERY_DAY, HOUR, NOW, RULEBOOK, RULES, local, terms


def ruled(directive: str = "16", **changes: Any) -> Ruling:
    return ruling_on(terms(**changes), Directive(directive), RULES, NOW)[1]


@pytest.mark.parametrize(
    ("category", "by_16", "by_15", "by_19"),
    [
        ("epidemic-response", "approved", "approved", "approved"),
        ("essential-goods", "approved", "approved", "approved"),
        ("food-and-medicine", "approved", "approved", "approved"),
        ("family-emergency", "queued", "approved", "approved"),
        ("worker", "queued", "approved", "approved"),
        ("personal", "refused", "queued", "approved"),
    ],
)
def test_a_stricter_directive_asks_more(category: str, by_16: str, by_15: str, by_19: str) -> None:
    outcomes = [str(ruled(directive, category=category).outcome) for directive in ("16", "15", "19")]
    assert outcomes == [by_16, by_15, by_19]


def test_a_refusal_says_why_and_what_to_do() -> None:
    ruling = ruled(category="personal")
    assert ruling.outcome is Outcome.REFUSED
    assert ruling.policy == "permit-16.2021-08"
    assert "nộp lại" in ruling.reason


def test_delivery_at_night_is_refused_with_the_hours_of_its_category() -> None:
    ruling = ruled(category="delivery", windows=(Window(EVERY_DAY, 18 * 60, 22 * 60),))
    assert ruling.outcome is Outcome.REFUSED
    assert "06:00" in ruling.reason
    assert "21:00" in ruling.reason


def test_a_window_over_midnight_is_not_within_day_hours() -> None:
    ruling = ruled(category="delivery", windows=(Window(EVERY_DAY, 20 * 60, 5 * 60),))
    assert ruling.outcome is Outcome.REFUSED


def test_who_names_no_hours_gets_those_of_the_category() -> None:
    given, ruling = ruling_on(terms(category="delivery", windows=()), Directive.DIRECTIVE_16, RULES, NOW)
    assert ruling.outcome is Outcome.APPROVED
    assert given.windows == (Window(EVERY_DAY, 6 * 60, 21 * 60),)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"valid_until": NOW - 2 * HOUR}, InvalidPeriod),
        ({"valid_from": NOW - 9 * HOUR, "valid_until": NOW - HOUR}, InvalidPeriod),
        ({"valid_until": NOW + 72 * HOUR}, InvalidPeriod),
        ({"valid_from": NOW + 8 * 24 * HOUR, "valid_until": NOW + 9 * 24 * HOUR}, InvalidPeriod),
        ({"windows": (Window(EVERY_DAY, 300, 300),)}, InvalidWindow),
        ({"windows": (Window(0, 300, 600),)}, InvalidWindow),
        ({"windows": (Window(EVERY_DAY, 300, 1441),)}, InvalidWindow),
        ({"windows": (Window(EVERY_DAY, 300, 600),) * 4}, InvalidWindow),
        ({"plate": "ABC"}, InvalidPlate),
        ({"plate": ""}, PlateRequired),
        ({"category": "du-lich"}, UnknownCategory),
    ],
)
def test_terms_that_cannot_be_are_refused_whatever_the_policy(
    changes: dict[str, Any], error: type[Invalid]
) -> None:
    with pytest.raises(error) as refusal:
        ruled(**changes)
    assert refusal.value.field


def test_the_strictest_directive_on_the_way_counts() -> None:
    assert strictest([]) is Directive.NONE
    assert strictest([Directive.DIRECTIVE_19, Directive.DIRECTIVE_16, Directive.DIRECTIVE_15]) == "16"
    assert strictest([Directive.DIRECTIVE_19, Directive.DIRECTIVE_15]) == "15"


@pytest.mark.parametrize("typed", ["20c-123.45", "20 C 12345", "20C12345"])
def test_a_plate_is_the_same_however_it_is_written(typed: str) -> None:
    assert normal_plate(typed) == "20C12345"


def test_policies_are_dated() -> None:
    assert RULEBOOK.policy_on(Directive.DIRECTIVE_16, date(2021, 8, 23)).document == "16/CT-TTg"
    with pytest.raises(LookupError):
        RULEBOOK.policy_on(Directive.DIRECTIVE_16, date(2020, 3, 31))


def test_every_policy_knows_every_category_under_the_same_number() -> None:
    files = RULEBOOK.files_on(local("2022-01-15T00:00").date())
    assert {file.key for file in files} == set(Directive)
    assert all(set(file.categories) == set(RULEBOOK.numbers) for file in files)
    assert len({entry.number for entry in RULEBOOK.numbers.values()}) == len(RULEBOOK.numbers)
