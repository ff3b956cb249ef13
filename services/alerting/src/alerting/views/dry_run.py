"""Chạy thử: a rule file tried on what was heard yesterday, beside the rules in force. Nothing is changed."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, StringConstraints

from alerting.domain.errors import CandidateRefused, DayImpossible
from alerting.domain.model import Condition, Kind, Severity
from alerting.domain.rehearsal import Tally, rehearse
from alerting.domain.rules import AlertRules
from alerting.ports import Courses
from alerting.rulebook import ResponseRules
from common.geo import Units
from common.http.bodies import Body
from common.kernel.areas import Actor
from common.kernel.clock import VIETNAM, Clock, local_day
from common.rules import RuleBook, RuleFileInvalid, read_candidate

LONGEST: Final = 64_000
"""Characters of a file; the one of today has 15,000."""
RuleText = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, strip_whitespace=False)]
CONDITIONS_MAX: Final = 20_000
"""Conditions looked at in one run; the answer says when there were more."""
AT_ONCE: Final = 50
"""Conditions between two breaths of the process: others are answered meanwhile."""
CHANGES_SHOWN: Final = 50
DAYS_KEPT: Final = 7
"""A condition remembers its latest changes only: what is older than a week is gone for most."""


class DryRunBody(Body):
    """The text of a rule file that nobody has adopted, and the Vietnamese day to try it on."""

    file: RuleText = Field(description="Nội dung tệp quy tắc (YAML) muốn thử")
    day: date | None = Field(default=None, description="Ngày thử; để trống là hôm qua")


class SumView(BaseModel):
    """What a set of rules makes of a day."""

    raised: int = 0
    called: int = 0
    climbed: int = 0
    rested: int = 0


class KindSumView(BaseModel):
    """The same of one kind of condition, by the rules in force and by the file that is tried."""

    condition: Kind
    conditions: int
    present: SumView
    candidate: SumView


class ChangeView(BaseModel):
    """One condition that would have gone another way: the most severe alert and the rungs called."""

    condition: Kind
    commune_code: str
    commune_name: str
    present_severity: Severity | None
    candidate_severity: Severity | None
    present_called: int
    candidate_called: int


class DryRunView(BaseModel):
    """Kết quả chạy thử of one day; *is_whole* tells whether everything that was heard was looked at."""

    day: date
    present_version: str
    candidate_version: str
    conditions: int
    is_whole: bool
    present: SumView
    candidate: SumView
    kinds: list[KindSumView]
    differing: int
    changes: list[ChangeView]


@dataclass(slots=True)
class _Sums:
    conditions: int = 0
    present: SumView = field(default_factory=SumView)
    candidate: SumView = field(default_factory=SumView)


class DryRun:
    """Runs the rules in force and a candidate over the same conditions."""

    def __init__(
        self, courses: Courses, rulebook: RuleBook[ResponseRules], units: Units, clock: Clock
    ) -> None:
        self._courses = courses
        self._rulebook = rulebook
        self._units = units
        self._clock = clock

    async def of(self, asked: DryRunBody, by: Actor) -> DryRunView:
        """Try the file on the day in the areas of *by*; raises `CandidateRefused`, `DayImpossible`."""
        day = self._day(asked.day)
        try:
            candidate = read_candidate(asked.file, ResponseRules)
        except RuleFileInvalid as fault:
            raise CandidateRefused(f"Tệp quy tắc chưa dùng được: {fault}", field="file") from None
        since = datetime.combine(day, time(), VIETNAM)
        present = self._rulebook.find(day)
        if present is None:
            raise DayImpossible(field="day")
        found = await self._courses.gone_through(by.area_codes, since, CONDITIONS_MAX + 1)
        rows = found[:CONDITIONS_MAX]
        pairs = await _rehearsed(rows, present.rules, candidate.rules, since)
        return DryRunView(
            day=day,
            present_version=present.version,
            candidate_version=candidate.version,
            is_whole=len(found) <= CONDITIONS_MAX,
            **self._summed(rows, pairs),
        )

    def _day(self, day: date | None) -> date:
        today = local_day(self._clock.now())
        wanted = day or today - timedelta(days=1)
        if not today - timedelta(days=DAYS_KEPT) <= wanted <= today:
            raise DayImpossible(field="day")
        return wanted

    def _summed(self, rows: list[Condition], pairs: list[tuple[Tally, Tally]]) -> dict[str, Any]:
        sums: dict[Kind, _Sums] = defaultdict(_Sums)
        total, differing = _Sums(), 0
        changes: list[ChangeView] = []
        for row, (present, candidate) in zip(rows, pairs, strict=True):
            if not present.called and not candidate.called:
                continue
            for each in (sums[row.kind], total):
                each.conditions += 1
                each.present, each.candidate = _plus(each.present, present), _plus(each.candidate, candidate)
            if present != candidate:
                differing += 1
                if len(changes) < CHANGES_SHOWN:
                    changes.append(self._change(row, present, candidate))
        return {
            "conditions": total.conditions,
            "present": total.present,
            "candidate": total.candidate,
            "kinds": _kinds(sums),
            "differing": differing,
            "changes": changes,
        }

    def _change(self, row: Condition, present: Tally, candidate: Tally) -> ChangeView:
        return ChangeView(
            condition=row.kind,
            commune_code=row.area.commune_code,
            commune_name=self._units.name_of(row.area.commune_code),
            present_severity=present.worst,
            candidate_severity=candidate.worst,
            present_called=present.called,
            candidate_called=candidate.called,
        )


async def _rehearsed(
    rows: list[Condition], present: AlertRules, candidate: AlertRules, since: datetime
) -> list[tuple[Tally, Tally]]:
    until, pairs = since + timedelta(days=1), []
    for number, row in enumerate(rows, start=1):
        pairs.append((rehearse(row, present, since, until), rehearse(row, candidate, since, until)))
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
    return pairs


def _plus(view: SumView, tally: Tally) -> SumView:
    return SumView(
        raised=view.raised + tally.raised,
        called=view.called + tally.called,
        climbed=view.climbed + tally.climbed,
        rested=view.rested + tally.rested,
    )


def _kinds(sums: Mapping[Kind, _Sums]) -> list[KindSumView]:
    return [
        KindSumView(
            condition=kind,
            conditions=sums[kind].conditions,
            present=sums[kind].present,
            candidate=sums[kind].candidate,
        )
        for kind in Kind
        if kind in sums
    ]
