"""A commune, an officer, a person, and the province's real rule files."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from common.kernel.areas import Actor, Area
from common.kernel.clock import local_day
from quarantine.domain.commands import OrderQuarantine
from quarantine.domain.decide import decide
from quarantine.domain.model import Case, Category, Immunity, Origin, Person, Place
from quarantine.domain.rules import QuarantineRules, Subject
from quarantine.rulebook import read_rules

RULES = Path(__file__).parents[3] / "rules" / "quarantine"
PERSON = "pquarantined"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="session")
def rules() -> QuarantineRules:
    return read_rules(RULES)


@pytest.fixture(scope="session")
def area() -> Area:
    return Area("05443", "164")


@pytest.fixture(scope="session")
def officer(area: Area) -> Actor:
    return Actor("cb-05443", frozenset({"health_officer"}), frozenset({area.commune_code}))


@pytest.fixture(scope="session")
def local() -> Callable[..., datetime]:
    """Build an instant from Vietnamese wall time."""

    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=VIETNAM).astimezone(UTC)

    return at


@pytest.fixture(scope="session")
def order(area: Area, officer: Actor, local: Callable[[str], datetime]) -> Callable[..., OrderQuarantine]:
    def make(**changes: Any) -> OrderQuarantine:
        command = OrderQuarantine(
            person_id=PERSON,
            by=officer,
            person=Person(area, "s1.k.person.sealed", ("t1", "t2"), "home-1"),
            category=Category.F1,
            place=Place.HOME,
            last_exposure_on=date(2021, 8, 1),
            immunity=Immunity(),
        )
        return replace(command, **changes)

    return make


@pytest.fixture(scope="session")
def quarantined(
    order: Callable[..., OrderQuarantine], rules: QuarantineRules, local: Callable[[str], datetime]
) -> Callable[..., Case]:
    """Put somebody in quarantine: by default an F1 at home from 2 to 15 August 2021."""

    def make(now: datetime | None = None, **changes: Any) -> Case:
        decision = decide(None, order(**changes), rules, now or local("2021-08-02T08:00"))
        assert decision.state is not None
        return decision.state

    return make


@pytest.fixture(scope="session")
def subject(area: Area) -> Callable[..., Subject]:
    def make(
        category: Category = Category.F1,
        *,
        place: Place = Place.HOME,
        origin: Origin = Origin.AFFECTED_AREA,
        province: str = "19",
        **immunity: Any,
    ) -> Subject:
        return Subject(category, place, origin, Immunity(**immunity), replace(area, province_code=province))

    return make


@pytest.fixture(scope="session")
def day_of() -> Callable[[datetime], date]:
    return local_day
