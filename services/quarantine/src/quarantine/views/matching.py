"""Who is meant by a CCCD or a telephone number, looked up by blind index within somebody's areas."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from common.kernel.areas import Actor
from common.service import Runtime
from quarantine.domain.model import Case
from quarantine.domain.standing import is_open
from quarantine.ports import Cases


@dataclass
class Found:
    """Files by the tokens they carry, of one look-up."""

    by_token: dict[str, list[Case]] = field(default_factory=dict)

    def of(self, *tokens: str) -> list[Case]:
        """Return the files that carry all *tokens*; those in quarantine now come first and alone."""
        first, *others = tokens
        files = [
            case
            for case in self.by_token.get(first, [])
            if case.person and set(others) <= set(case.person.blind)
        ]
        return [case for case in files if is_open(case)] or files


class Finder:
    """Finds files by numbers; one query for a whole request."""

    def __init__(self, runtime: Runtime, cases: Cases) -> None:
        self._blind = runtime.blind
        self._cases = cases

    def token(self, number: str) -> str:
        """Return the token of a CCCD or a telephone number."""
        return self._blind.token(number)

    def name_token(self, full_name: str) -> tuple[str, ...]:
        """Return the tokens of a name, all of which the right file carries."""
        return self._blind.tokens_of_name(full_name)

    async def find(self, tokens: Iterable[str], by: Actor) -> Found:
        """Look *tokens* up among the files of *by*'s areas; other files look as if they were not there."""
        wanted, found = set(tokens), Found()
        for case in await self._cases.with_tokens(wanted) if wanted else []:
            if case.person is None or not by.covers(case.person.area):
                continue
            for token in wanted & set(case.person.blind):
                found.by_token.setdefault(token, []).append(case)
        return found
