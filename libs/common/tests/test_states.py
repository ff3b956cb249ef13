"""The next state of an aggregate."""

from dataclasses import dataclass, replace

import pytest

from common.kernel.states import with_changes


@dataclass(frozen=True)
class Stay:
    place: str
    days: int = 14
    notes: tuple[str, ...] = ()


def test_the_next_state_is_what_replace_would_make() -> None:
    stay = Stay("home", notes=("a",))

    assert with_changes(stay, days=7) == replace(stay, days=7)
    assert stay.days == 14


def test_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError, match="Stay has no field hours"):
        with_changes(Stay("home"), hours=3)
