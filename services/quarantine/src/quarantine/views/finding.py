"""Finding people while an officer types: pieces of names and numbers, slips forgiven, best fit first."""

from collections.abc import Sequence
from typing import Any

from common.kernel.areas import Actor
from common.mongo import grams
from common.service import Runtime
from quarantine.domain.model import Case
from quarantine.ports.files import People
from quarantine.views import answers
from quarantine.views.desk import FOUND_SHOWN, Desk

LOOKED_AT = 120
"""Files that are opened to see which fit best."""
NUMBERS = ("cccd", "cmnd", "passport", "phone")


class Finder:
    """Looks for people within the reader's areas."""

    def __init__(self, runtime: Runtime, people: People, desk: Desk) -> None:
        self._runtime = runtime
        self._people = people
        self._desk = desk

    async def find(self, typed: str, by: Actor) -> answers.PeopleView:
        """Return who fits what was typed, the best first; only the readings of those shown are noted."""
        words, blind = grams.words_of(self._runtime.blind, typed), self._runtime.blind
        tokens = blind.tokens_of_query(typed)
        found = await self._people.like(by.area_codes, words, tokens, limit=LOOKED_AT)
        best = self._best(typed, found)[:FOUND_SHOWN]
        views = await self._desk.opened(best, by, "Tìm người")
        return answers.PeopleView(items=[answers.PersonHit.of(view) for view in views])

    def _best(self, typed: str, found: Sequence[Case]) -> list[Case]:
        ranked = [(self._rank(typed, case), at, case) for at, case in enumerate(found)]
        fitting = [(rank, at, case) for rank, at, case in ranked if rank is not None]
        return [case for _, _, case in sorted(fitting, key=lambda row: row[:2])]

    def _rank(self, typed: str, case: Case) -> int | None:
        if case.person is None:
            return None
        who: dict[str, Any] = self._runtime.vault.open(case.person.sealed, person_id=case.person_id)
        numbers = [who.get(name) for name in NUMBERS]
        if case.joined.absorbed and any(c.isdigit() for c in typed):
            return 1  # found by a number of the file that was merged into it
        return grams.closeness(typed, name=who["full_name"], numbers=numbers)
