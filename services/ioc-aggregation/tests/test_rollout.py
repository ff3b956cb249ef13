"""The roll-out: what a unit declares, what the facts add, the score with its formula, and who is silent."""

from datetime import UTC, datetime, timedelta

import pytest

from common.contracts import quarantine
from common.contracts.vitals import DeclaredBy
from common.testing.sign_in import bearer
from ioc_aggregation.domain.rollout import Contacts, contacts_of

NOW = datetime(2022, 1, 10, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPERATOR, STATION = bearer("ioc_operator", ["19"]), bearer("health_officer", ["05431"])
HERE = {"commune_code": "05431", "district_code": "164"}
DECLARED = {
    "on": "2022-01-10", "staff_ready": 6, "staff_needed": 8, "devices_ready": 3, "devices_needed": 4,
    "app_c_thainguyen": 0, "app_bluezone": 0, "app_vhd": 0, "app_so_suc_khoe": 0, "paper_permits": 0,
}  # fmt: skip


async def declare(running, *, code="05431", headers=STATION, key="declare-01", **other):
    return await running.client.put(
        f"/v1/rollout/{code}", json={**DECLARED, **other}, headers={**headers, "Idempotency-Key": key}
    )


async def unit(running, code: str, headers=OPERATOR):
    return {u["code"]: u for u in (await running.get("/v1/rollout", headers))["items"]}[code]


async def test_a_unit_that_declares_gets_a_score_and_the_others_are_silent_not_zero(running):
    assert (await declare(running)).status_code == 200
    own, other = await unit(running, "05431"), await unit(running, "05434")
    # staff 75 % x 2, devices 75 % x 1, apps 0 % x 1; nothing else is known.
    assert (own["score"], own["is_silent"], own["declared_on"]) == (56.2, False, "2022-01-10")
    assert (other["score"], other["is_silent"], other["declared_on"]) == (None, True, None)
    assert [part["percent"] for part in other["parts"]] == [None] * 6
    whole = await unit(running, "19")
    assert (whole["units"], whole["silent_units"], whole["is_silent"]) == (178, 177, False)


async def test_the_same_request_twice_is_one_declaration_and_an_older_day_does_not_win(running):
    first, again = await declare(running), await declare(running)
    assert first.json() == again.json()
    refused = await declare(running, key="declare-02", on="2022-01-09")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "on")


@pytest.mark.parametrize(
    ("field", "value"),
    [("on", "2022-01-13"), ("on", "2021-11-01"), ("staff_ready", 9), ("app_bluezone", 900_000)],
)
async def test_what_cannot_be_is_refused_at_its_field(running, field, value):
    refused = await declare(running, **{field: value})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    assert (await unit(running, "05431"))["is_silent"]


async def test_a_declaration_of_last_week_makes_nobody_ready_today(running):
    await declare(running)
    running.clock.move(timedelta(days=8))
    await running.board.refresh()
    own = await unit(running, "05431")
    assert (own["is_silent"], own["score"], own["declared_on"]) == (True, None, "2022-01-10")


async def test_figures_that_are_only_repeated_are_marked_and_grow_old_under_any_new_date(running):
    await declare(running)
    for day in range(1, 9):
        running.clock.move(timedelta(days=1))
        await running.board.refresh()
        on = (NOW + timedelta(days=day)).date().isoformat()
        assert (await declare(running, key=f"declare-again-{day}", on=on)).status_code == 200
        own = await unit(running, "05431")
        assert (own["declared_on"], own["repeated_since"]) == (on, "2022-01-10")
        assert own["is_silent"] == (day == 8)
    await declare(running, key="counted-anew", on=on, staff_ready=7)
    own = await unit(running, "05431")
    assert (own["is_silent"], own["repeated_since"]) == (False, None)


async def test_units_declare_for_themselves_only(running):
    assert (await declare(running, code="05434")).status_code == 403
    assert (await declare(running, headers=bearer("doctor", ["05431"]))).status_code == 403
    assert (await declare(running, code="99999")).status_code in (403, 422)


def ordered(person: str) -> quarantine.QuarantineOrdered:
    return quarantine.QuarantineOrdered(
        person_id=person, **HERE, category=quarantine.Category.F1, place=quarantine.Place.HOME,
        last_exposure_on=NOW.date(), starts_on=NOW.date(), ends_on=NOW.date(), protocol="p",
    )  # fmt: skip


def reported(person: str, at: datetime) -> quarantine.HealthReported:
    return quarantine.HealthReported(
        person_id=person, **HERE, report_id=f"r-{person}", reported_at=at, received_at=at, is_late=False,
        declared_by=DeclaredBy.SELF, has_symptoms=False,
    )  # fmt: skip


async def test_time_to_first_contact_and_the_share_declaring_come_from_the_facts(running):
    # Declared before the order is heard of: topics have no order between them.
    await running.tell(reported("p-1", NOW + 2 * HOUR), ordered("p-1"), ordered("p-2"))
    running.clock.move(26 * HOUR)
    await running.board.refresh()
    own = await unit(running, "05431")
    parts = {part["part"]: part for part in own["parts"]}
    assert (parts["contact"]["have"], parts["contact"]["of"], own["contact_hours"]) == (1, 2, 2.0)
    assert (parts["declaring"]["have"], parts["declaring"]["of"]) == (1, 1)
    assert own["score"] is None


def test_who_was_ordered_an_hour_ago_still_has_time() -> None:
    since, order = NOW - timedelta(days=7), NOW - HOUR
    assert contacts_of([order], [], since, NOW) == Contacts()
    assert contacts_of([order], [NOW - 2 * HOUR, NOW], since, NOW) == Contacts(1, 1, 1, 3600)
    assert contacts_of([order], [], since, NOW + 30 * HOUR) == Contacts(1, 0, 0, 0)
    assert contacts_of([order], [NOW + 30 * HOUR], since, NOW + 31 * HOUR) == Contacts(1, 0, 1, 31 * 3600)
    assert contacts_of([since - HOUR], [], since, NOW) == Contacts()
