"""A source that went silent is told once and comes back by itself; apps are counted by who used them."""

import json
from datetime import UTC, datetime, timedelta

from common.contracts import f0_monitoring as f0
from common.contracts import quarantine
from common.contracts.vitals import Consciousness, DeclaredBy
from common.kernel.areas import Area
from common.testing.sign_in import bearer
from ioc_aggregation.domain.sources import Sighting, SourceKind, decide_source, waking

NOW = datetime(2022, 1, 10, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPERATOR = bearer("ioc_operator", ["19"])
HERE = {"commune_code": "05431", "district_code": "164"}
THERE = {"commune_code": "05434", "district_code": "164"}


def ordered(person: str) -> quarantine.QuarantineOrdered:
    return quarantine.QuarantineOrdered(
        person_id=person, **HERE, category=quarantine.Category.F1, place=quarantine.Place.HOME,
        last_exposure_on=NOW.date(), starts_on=NOW.date(), ends_on=NOW.date(), protocol="p",
    )  # fmt: skip


def reported(person: str, at: datetime, channel: str | None = None, where=HERE) -> quarantine.HealthReported:
    return quarantine.HealthReported(
        person_id=person, **where, report_id=f"r-{person}-{at:%d%H%M}", reported_at=at, received_at=at,
        is_late=False, declared_by=DeclaredBy.SELF, has_symptoms=False, channel=channel,
    )  # fmt: skip


def reported_f0(person: str, at: datetime, channel: str | None) -> f0.HealthReported:
    return f0.HealthReported(
        person_id=person, **HERE, report_id=f"f-{person}", reported_at=at, received_at=at, is_late=False,
        declared_by=DeclaredBy.SELF, on_oxygen=False, consciousness=Consciousness.ALERT, channel=channel,
    )  # fmt: skip


def looks(running):
    return next(task for task in running.service.worker_background if type(task).__name__ == "SourceLooks")


def told(running) -> list[tuple[str, str]]:
    store = looks(running)._known
    return [(entry.type.split(".")[1], json.loads(entry.data)["source_id"]) for entry in store.facts()]


async def look(running) -> None:
    await running.board.refresh()
    await looks(running).tell(await looks(running)._sources.look())


async def test_a_commune_that_is_not_heard_is_told_once_and_again_when_it_speaks(running):
    await running.tell(ordered("p-1"), reported("p-1", NOW))
    await look(running)
    running.clock.move(27 * HOUR)
    await look(running)
    assert told(running) == []  # one look may have been too early: the readers catch up

    for _ in range(3):
        await look(running)
    silent = [one for one in told(running) if one[1] == "05431"]
    assert silent == [("source-went-silent", "05431")]

    await running.tell(reported("p-1", running.clock.now()))
    await look(running)
    await look(running)
    here = [name for name, source in told(running) if source == "05431"]
    assert here == ["source-went-silent", "source-came-back"]


async def test_a_topic_and_an_app_are_seen_on_the_wall_and_told(running):
    await running.tell(ordered("p-1"), reported("p-1", NOW, "app:bluezone"))
    await look(running)
    system = await running.get("/v1/system", OPERATOR)
    assert {one["topic"] for one in system["sources"] if one["is_stale"]} == set()
    assert "app:bluezone" in {one["topic"] for one in system["sources"]}

    running.clock.move(24 * HOUR)  # sixteen hours of it were day
    for _ in range(2):
        await look(running)
    assert "quarantine.reports.v1" in {source for _, source in told(running)}
    assert "app:bluezone" not in {source for _, source in told(running)}
    running.clock.move(2 * HOUR)
    for _ in range(2):
        await look(running)
    assert "app:bluezone" in {source for _, source in told(running)}
    system = await running.get("/v1/system", OPERATOR)
    stale = {one["topic"] for one in system["sources"] if one["is_stale"]}
    assert stale == {"quarantine.reports.v1", "app:bluezone"}


def test_the_night_is_nobodys_silence() -> None:
    evening = datetime(2022, 1, 10, 14, tzinfo=UTC)  # 21:00
    assert waking(evening, evening + 2 * HOUR) == HOUR
    assert waking(evening, evening + 9 * HOUR) == HOUR
    assert waking(evening, evening + 10 * HOUR) == 2 * HOUR
    assert waking(evening, evening + timedelta(days=2)) == 32 * HOUR
    assert waking(evening, evening - HOUR) == timedelta()


def test_who_has_not_heard_the_newest_fact_cannot_call_a_source_silent() -> None:
    area = Area("05431", "164")

    def sighting(last_at: datetime, *, is_silent: bool) -> Sighting:
        return Sighting("05431", SourceKind.COMMUNE, last_at, is_silent, area)

    first = decide_source(None, sighting(NOW, is_silent=True), None, NOW)
    assert len(first.facts) == 1
    again = decide_source(first.state, sighting(NOW, is_silent=True), None, NOW)
    assert (again.state, again.facts) == (first.state, ())
    back = decide_source(first.state, sighting(NOW + HOUR, is_silent=False), None, NOW)
    assert len(back.facts) == 1
    behind = decide_source(back.state, sighting(NOW, is_silent=True), None, NOW)
    assert (behind.state, behind.facts) == (back.state, ())


async def test_persons_are_counted_by_the_apps_that_they_were_heard_through(running):
    await running.tell(
        reported("p-1", NOW - HOUR, "app:bluezone"),
        reported("p-1", NOW, "app:bluezone"),
        reported("p-2", NOW, "app:la-chan"),
        reported_f0("p-2", NOW, "app:la-chan"),
        reported("p-3", NOW, None),
        reported("p-4", NOW, "sms"),
        # Moved to the next commune: one person, counted where they were heard last, in any order of arrival.
        reported("p-5", NOW, "app:bluezone", THERE),
        reported("p-5", NOW - HOUR, "app:bluezone"),
    )
    body = await running.get("/v1/rollout", OPERATOR)
    users = {unit["code"]: unit["users"] for unit in body["items"]}
    assert users["05431"] == {"app:bluezone": 1, "app:la-chan": 1}
    assert users["05434"] == {"app:bluezone": 1}
    assert users["164"] == users["19"] == {"app:bluezone": 2, "app:la-chan": 1}
    assert users["05437"] == {}
    assert body["app_use_days"] == 30

    running.clock.move(timedelta(days=31))
    await running.board.refresh()
    assert {unit["code"]: unit["users"] for unit in (await running.get("/v1/rollout", OPERATOR))["items"]}[
        "19"
    ] == {}
