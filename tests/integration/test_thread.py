"""
The thread through the five services.

A falling saturation on a phone reaches the doctor's inbox, the checkpoint and the wall; when the F0 turns
out to be an error or recovers, everything finds its way back.
"""

from typing import Any

from common.contracts import alerting, permit
from common.contracts import f0_monitoring as f0
from tests.integration.drivers import Town
from tests.integration.facts import FactLog
from tests.integration.people import Person
from tests.integration.services import eventually

FORBIDDEN_WORDS = ("f0", "f1", "covid", "dương tính", "bệnh", "nhiễm", "cách ly", "dịch")
"""None of these may be read at a checkpoint, by an officer or by whoever stands behind the driver."""


async def falls_ill_on_the_phone(town: Town, person: Person) -> None:
    await town.citizen.reports(person, spo2_percent=97)
    await town.citizen.reports(person, spo2_percent=95)
    await town.citizen.reports(person, spo2_percent=92, spo2_repeat_percent=91)


async def refused_at_the_checkpoint(town: Town, permit_: Any) -> dict[str, Any]:
    return await eventually(
        lambda: town.checkpoint.scans(permit_), lambda said: said["verdict"] == "refused", seconds=15
    )


async def allowed_at_the_checkpoint(town: Town, permit_: Any) -> dict[str, Any]:
    return await eventually(
        lambda: town.checkpoint.scans(permit_), lambda said: said["verdict"] == "allowed", seconds=15
    )


async def test_a_falling_saturation_reaches_doctor_checkpoint_and_wall(town: Town, log: FactLog) -> None:
    hoa = town.somebody()
    paper = await town.permits.issues(hoa)
    assert (await town.checkpoint.scans(paper))["verdict"] == "allowed"
    before = await town.permits.shows(paper)
    await eventually(town.ioc.figures, lambda figures: figures["permits_active"] == 1)
    province = await town.ioc.figures("19")

    await town.officer.declares(hoa)
    said = await refused_at_the_checkpoint(town, paper)
    words = f"{said['message_vi']} {said['next_vi']} {said['reason_code']}".lower()
    assert not [word for word in FORBIDDEN_WORDS if word in words], words

    async with town.doctor.inbox() as inbox:
        await falls_ill_on_the_phone(town, hoa)
        rung = await inbox.hears("alert", lambda said: said["alert"]["person_id"] == hoa.person_id)
        alert = rung["alert"]
        assert (alert["condition"], alert["severity"]) == ("risk-rising", "critical")
        record = await town.officer.record_of(hoa)
        assert record["risk_level"] == "very_high"
        assert any("SpO2" in reason["label"] for reason in record["risk"]["reasons"])

        await the_wall_shows_one_red_patient(town, province)
        await town.doctor.takes(alert["alert_id"])
        await inbox.hears("alert", lambda said: bool(said["alert"]["taken"]))
        await eventually(town.ioc.figures, lambda f: f["alerts_waiting"] == 0 and f["alerts_open"] == 1)

        await town.officer.closes(hoa, "wrongly_declared")
        await inbox.hears("alert", lambda said: bool(said["alert"]["ended"]))
    await allowed_at_the_checkpoint(town, paper)
    assert await town.permits.shows(paper) == before
    await the_wall_is_as_if_nothing_had_been(town, province)
    await every_step_names_its_cause(log, hoa, paper.permit_id)


async def the_wall_shows_one_red_patient(town: Town, province: dict[str, int]) -> None:
    here = {"f0_active": 1, "f0_very_high": 1, "f0_low": 0, "alerts_open": 1, "alerts_open_critical": 1}
    suspended = {"permits_active": 0, "permits_suspended": 1, "reports_f0": 3}
    expected = {**here, **suspended}
    await eventually(town.ioc.figures, lambda figures: expected.items() <= figures.items())
    await the_province_moved_by(town, province, {**expected, "permits_active": -1})


async def the_wall_is_as_if_nothing_had_been(town: Town, province: dict[str, int]) -> None:
    gone = {"f0_active": 0, "f0_total": 0, "f0_very_high": 0, "alerts_open": 0, "permits_suspended": 0}
    expected = {**gone, "f0_withdrawn": 1, "permits_active": 1}
    await eventually(town.ioc.figures, lambda figures: expected.items() <= figures.items())
    await the_province_moved_by(town, province, gone)


async def the_province_moved_by(town: Town, before: dict[str, int], expected: dict[str, int]) -> None:
    """Compare what only people move: clocks of stories told before go on raising risks and alerts elsewhere."""
    still = {
        name: by
        for name, by in expected.items()
        if name.startswith(("f0_active", "f0_total", "permits_", "reports_"))
    }

    async def moved() -> dict[str, int]:
        whole = await town.ioc.figures("19")
        return {name: whole[name] - before[name] for name in still}

    await eventually(moved, lambda seen: seen == still)


async def every_step_names_its_cause(log: FactLog, person: Person, permit_id: str) -> None:
    [declared] = await log.of(f0.PatientDeclared, about=person.person_id)
    [suspended] = await log.of(permit.PermitSuspended, about=permit_id)
    rises = await log.of(f0.RiskEscalated, about=person.person_id)
    [raised] = await log.of(alerting.AlertRaised, about=person.person_id)
    reports = await log.of(f0.HealthReported, about=person.person_id)
    assert suspended.causationid == declared.id
    assert suspended.correlationid == declared.correlationid
    assert rises[-1].data.to_level is f0.RiskLevel.VERY_HIGH
    assert rises[-1].causationid == reports[-1].id
    assert raised.causationid in [rise.id for rise in rises]
    assert raised.correlationid in [report.correlationid for report in reports]


async def test_a_recovered_patient_travels_again_on_the_same_permit(town: Town) -> None:
    bach = town.somebody(sex="male")
    paper = await town.permits.issues(bach)
    before = await town.permits.shows(paper)
    await town.officer.declares(bach)
    await refused_at_the_checkpoint(town, paper)

    await town.officer.closes(bach, "recovered")

    await allowed_at_the_checkpoint(town, paper)
    assert await town.permits.shows(paper) == before
    expected = {"f0_active": 0, "f0_total": 1, "f0_recovered": 1, "permits_active": 1}
    await eventually(town.ioc.figures, lambda figures: expected.items() <= figures.items())
