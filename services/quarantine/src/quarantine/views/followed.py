"""A file that was merged is read as the one that it was merged into."""

from collections.abc import Mapping

from quarantine.domain.model import Case
from quarantine.domain.reports import Report
from quarantine.ports import Cases, Reports

LONGEST_WAY = 8
"""Merges of merges; nobody has as many files as that."""


async def followed(cases: Cases, case: Case | None) -> Case | None:
    """Return the file that *case* is read as; itself, unless it was merged."""
    for _ in range(LONGEST_WAY):
        if case is None or case.joined.into is None:
            return case
        case = await cases.get(case.joined.into.person_id)
    return None


async def followed_all(cases: Cases, found: Mapping[str, Case]) -> dict[str, Case]:
    """Return *found*, each as it is read, by the id that was asked for; no query if none was merged."""
    gone = {key: case for key, case in found.items() if case.joined.into is not None}
    if not gone:
        return dict(found)
    read_as = {key: await followed(cases, case) for key, case in gone.items()}
    return {**found, **{key: case for key, case in read_as.items() if case is not None}}


async def all_reports(reports: Reports, case: Case, *, limit: int) -> list[Report]:
    """Return the declarations under every id of the person, the latest first."""
    rows = [
        row
        for person_id in (case.person_id, *case.joined.aliases)
        for row in await reports.latest_of(person_id, limit=limit)
    ]
    return sorted(rows, key=lambda row: row.reported_at, reverse=True)[:limit]
