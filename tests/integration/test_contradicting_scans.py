"""One permit at two far places: flagged, an officer's alert, cleared. And a scan that arrives late breaks quarantine."""

from datetime import timedelta
from typing import Any

from common.contracts import permit, quarantine
from tests.integration.drivers import Town, now
from tests.integration.facts import FactLog
from tests.integration.services import eventually


async def test_one_permit_at_two_far_checkpoints_calls_the_permit_officer_until_cleared(
    town: Town, log: FactLog
) -> None:
    paper = await town.permits.issues(town.somebody())
    await town.checkpoint.scans(paper, at="thai-nguyen")
    await town.checkpoint.scans(paper, at="pho-yen")

    flagged: Any = (await eventually(lambda: log.of(permit.PermitFlagged, about=paper.permit_id)))[0]
    assert permit.Signal.IMPOSSIBLE_TRAVEL in flagged.data.to_signals
    assert flagged.data.evidence[0].distance_km > 15
    assert flagged.data.commune_code == town.area.commune_code

    async def alerts(status: str) -> list[Any]:
        page = await town.permits.services.get("alerting", f"/v1/alerts?status={status}", **town.permits.who)
        return [each for each in page["items"] if each["condition"] == "permit-flagged"]

    [alert] = await eventually(lambda: alerts("open"))
    assert (alert["severity"], alert["person_id"]) == ("warning", None)

    path = f"/v1/permits/{paper.permit_id}/flag-clearance"
    body = {"reason": "Đã gọi chủ giấy: hai người dùng chung, đã nhắc"}
    left = await town.permits.services.insist("permit", path, body, **town.permits.who)
    assert paper.permit_id not in {flag["subject"] for flag in left["items"]}
    [ended] = await eventually(lambda: alerts("ended"))
    assert ended["alert_id"] == alert["alert_id"]


async def test_a_late_upload_gives_quarantine_its_breach_and_the_checkpoint_no_diagnosis(
    town: Town, log: FactLog
) -> None:
    contact = town.somebody()
    paper = await town.permits.issues(contact)
    await town.officer.quarantines(contact)
    await eventually(lambda: log.of(permit.PermitSuspended, about=paper.permit_id))
    item = {
        "qr": paper.qr,
        "checkpoint_id": "pho-yen",
        "scan_id": f"late-{paper.permit_id}",
        "scanned_at": (now() + timedelta(seconds=1)).isoformat(),
        "verdict": "allowed",
        "reason_code": "valid",
        "list_age_seconds": 7200,
        "clock_offset_seconds": 2,
    }
    who = {"role": "checkpoint_officer", "area": "19"}
    for outcome in ("recorded", "duplicate"):
        said = await town.checkpoint.services.insist("permit", "/v1/scans", {"items": [item]}, **who)
        assert [each["outcome"] for each in said["items"]] == [outcome]
        assert "quarantine" not in str(said).lower()
        assert "cách ly" not in str(said).lower()
    [breach] = await eventually(lambda: log.of(quarantine.QuarantineBreached, about=contact.person_id))
    assert breach.data.checkpoint_id == "pho-yen"
