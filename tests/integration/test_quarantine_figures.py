"""Quarantine's own statistics equal the figures of the operations centre, and its stores keep their promises."""

from datetime import timedelta
from typing import Any

from common.kernel.clock import local_day
from deploy.local.stack import Stack
from quarantine.domain.figures import HEARD, ORDERED, FigureRow
from quarantine.store.figures import MongoFigures
from tests.integration.drivers import Town, contact, now, today
from tests.integration.services import eventually

SAME = {
    "in_quarantine": "quarantine_active",
    "at_home": "quarantine_home",
    "in_facility": "quarantine_facility",
}
FLOWS = {
    "ordered": "quarantine_ordered",
    "ended": "quarantine_ended",
    "reports": "reports_quarantine",
    "missed": "reports_missed",
    "breaches": "quarantine_breaches",
    "positives": "contacts_positive",
}


async def test_the_statistics_of_a_commune_are_those_of_the_operations_centre(town: Town) -> None:
    services, officer = town.services, town.officer.who
    people = [town.somebody() for _ in range(4)]
    for number, person in enumerate(people):
        place = "facility" if number == 3 else "home"
        made = await services.insist("quarantine", "/v1/cases", contact(person, place=place), **officer)
        person.person_id = made["person_id"]
    await town.citizen.checks_in(people[0])
    await town.citizen.checks_in(people[1], symptoms=["cough"])
    mistake = {"outcome": "wrong_entry", "reason": "Nhập nhầm người"}
    await services.post("quarantine", f"/v1/cases/{people[2].person_id}/release", mistake, **officer)

    async def both() -> tuple[dict[str, Any], dict[str, int]]:
        path = f"/v1/statistics?area_code={town.area.commune_code}&first_day={today() - timedelta(days=1)}"
        view = await services.get("quarantine", path, **officer)
        figures = await town.ioc.figures()
        counted = {name: await town.ioc.counted(metric) for name, metric in FLOWS.items()}
        return view["total"], {name: figures[metric] for name, metric in SAME.items()} | counted

    def are_told_the_same(found: tuple[dict[str, Any], dict[str, int]]) -> bool:
        own, centre = found
        return (own["reports"], own["ended"]) == (2, 1) and centre.items() <= own.items()

    own, centre = await eventually(both, are_told_the_same)
    assert {name: own[name] for name in (*SAME, *FLOWS)} == centre
    assert (own["in_quarantine"], own["in_facility"], own["ordered"]) == (3, 1, 4)
    assert own["ended_as"]["wrong_entry"] == 1
    assert own["contacted_in_a_day"] == 2


def row(number: int, kind: str, **changes: Any) -> FigureRow:
    at = now().replace(microsecond=0) - timedelta(hours=number)
    deltas = {"quarantine_ordered": 1, "quarantine_active": 1} if kind == ORDERED else {"reports_late": 1}
    details = {"person_id": "p-1", "at": at, "deltas": deltas, "kind": kind, **changes}
    return FigureRow(f"{kind}-{number}-{details['person_id']}", "05443", "164", local_day(at), **details)


async def test_rows_count_once_and_the_first_word_is_found_in_any_order(stack: Stack, database: Any) -> None:
    figures = MongoFigures(database)
    await figures.ensure_indexes()
    order, later, first = row(9, ORDERED), row(2, HEARD), row(7, HEARD)
    other = row(9, ORDERED, person_id="p-2")
    for batch in ([later], [order, other], [first], [order, later], [first]):
        await figures.add(batch)
    sums = await figures.sums({"164"}, order.on, now().date() + timedelta(days=1))
    found = sums["05443"]
    assert (found["quarantine_ordered"], found.stock("quarantine_active"), found["reports_late"]) == (2, 2, 2)
    assert (found["contacts"], found["contact_seconds"]) == (1, 2 * 3600)
    assert await figures.sums({"172"}, order.on, order.on) == {}
