"""Synthetic people, places and commands for the tests of this service."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from common.kernel.areas import Actor, Area
from common.kernel.clock import VIETNAM
from permit.domain.checkpoints import Checkpoint
from permit.domain.commands import Apply, NoteStanding
from permit.domain.model import Source, Terms, Window
from permit.rulebook import Rulebook

ROOT = Path(__file__).parents[3]
RULEBOOK = Rulebook.load(ROOT)
NOW = datetime(2022, 1, 15, 3, 0, tzinfo=UTC)  # Saturday 10:00 in Vietnam
HOUR = timedelta(hours=1)
EVERY_DAY = 0b1111111

QUANG_VINH = Area("05434", "164")
BA_HANG = Area("05860", "172")
PERSON = "pmau0001"

OFFICER = Actor("canbo-mau", frozenset({"permit_officer"}), frozenset({"164"}))
OTHER_OFFICER = Actor("canbo-khac", frozenset({"permit_officer"}), frozenset({"172"}))
CITIZEN = Actor("congdan-mau", frozenset({"citizen"}), frozenset(), PERSON)
EMPLOYER = Actor("congty-mau", frozenset({"employer"}), frozenset({"172"}))
SCANNER = Actor("chot-mau", frozenset({"checkpoint_officer"}), frozenset({"19"}))
ADMIN = Actor("quantri-mau", frozenset({"administrator"}), frozenset({"19"}))

CHECKPOINT = Checkpoint("chot-thai-nguyen", "Chốt Thái Nguyên", QUANG_VINH, 21.5980, 105.8422)


class Frozen:
    """A clock that stands still."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


RULES = RULEBOOK.rules(Frozen())


def local(text: str) -> datetime:
    """An instant from Vietnamese local time."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM).astimezone(UTC)


def terms(**changes: Any) -> Terms:
    sample = Terms(
        category="essential-goods",
        areas=("164", "165", "172"),
        windows=(Window(EVERY_DAY, 5 * 60, 20 * 60),),
        plate="20C12345",
        valid_from=NOW - HOUR,
        valid_until=NOW + 71 * HOUR,
    )
    return replace(sample, **changes)


def application(**changes: Any) -> Apply:
    sample = Apply(
        person_id=PERSON,
        permit_id="0123456789ABCDEF",
        by=OFFICER,
        area=QUANG_VINH,
        directive="16",
        terms=terms(),
        sealed="s1.mau.person.AAAA",
        details="s1.mau.permit.BBBB",
        blind=("t1",),
    )
    return replace(sample, **changes)


def standing(source: Source, sequence: int, *, is_barred: bool) -> NoteStanding:
    return NoteStanding(PERSON, source, is_barred, sequence)
