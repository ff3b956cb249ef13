"""Asking why, objecting, and who may answer: through the HTTP door."""

from datetime import timedelta
from typing import Any

import pytest

from common.work.model import Cause
from permit.domain.commands import NoteStanding
from permit.domain.model import Source
from services.permit.tests.conftest import IDENTITY, Province, application_body
from services.permit.tests.samples import HOUR

TEXT = {"text": "Xe mới đổi biển, tôi có giấy đăng ký."}
ANSWER = {"verdict": "overturned", "reason": "Đã xem đăng ký xe, giấy được dùng lại."}
STOP = {"reason": "Nghi biển số không đúng"}
POLICE = ("permit_officer", "commune_police")


async def under_16(province: Province) -> None:
    await province.put("/v1/directives/19", {"directive": "16", "document": "Công văn mẫu"})


async def stopped(province: Province) -> str:
    permit = (await province.apply()).json()
    path = f"/v1/permits/{permit['permit_id']}"
    reply = await province.post(f"{path}/suspension", STOP, "permit_officer", ("05434",), subject="phuong")
    assert reply.status_code == 200, reply.text
    return path


def holder(province: Province) -> dict[str, Any]:
    return {"person_id": province.person_id}


async def test_a_refusal_says_at_once_why_by_which_rule_and_how_to_object(province: Province) -> None:
    await under_16(province)
    permit = (await province.apply(category="personal")).json()
    await province.hear()
    why = (await province.get(f"/v1/permits/{permit['permit_id']}/why", "permit_officer")).json()
    assert (why["status"], why["decision"]["rule"], why["decision"]["by"]) == (
        "refused",
        "category:personal",
        "machine",
    )
    assert (why["document"], why["confidence"]) == ("16/CT-TTg", "memory")
    assert why["can_appeal"]
    assert "khiếu nại" in why["next_step"]
    assert [entry["act"] for entry in why["record"]] == ["refused"]


async def test_an_appeal_is_sealed_queued_with_a_deadline_and_told_without_words(province: Province) -> None:
    path = await stopped(province)
    filed = await province.post(f"{path}/appeals", TEXT, "citizen", (), **holder(province))
    assert filed.status_code == 201, filed.text
    [appeal] = filed.json()["appeals"]
    assert (appeal["filed_by"], appeal["against"], appeal["is_overdue"]) == ("holder", "officer", False)
    assert "đổi biển" not in repr(province.stores.holders.aggregates)
    told = [fact for fact in province.facts("holders") if fact.type == "permit.permit-appealed.v1"]
    assert len(told) == 1
    assert "biển" not in told[0].data
    again = await province.post(f"{path}/appeals", TEXT, "citizen", (), **holder(province))
    assert again.status_code == 409
    province.clock.move(25 * HOUR)
    [row] = (await province.get("/v1/appeals", "permit_officer", ("164",))).json()["items"]
    assert row["is_overdue"]
    assert row["appeal"]["text"] == TEXT["text"]
    today = (await province.get("/v1/permit-summary", "permit_officer", ("164",))).json()
    assert today["appeals"] == {"waiting": 1, "overdue": 1}


async def test_only_somebody_else_and_higher_answers_what_a_person_decided(province: Province) -> None:
    path = await stopped(province)
    appeal = (await province.post(f"{path}/appeals", TEXT, "citizen", (), **holder(province))).json()[
        "appeals"
    ][0]
    answer = f"{path}/appeals/{appeal['appeal_id']}/answer"
    for areas, subject in ((("05434",), "phuong"), (("164",), "phuong"), (("05434",), "nguoi-khac")):
        reply = await province.post(answer, ANSWER, "permit_officer", areas, subject=subject)
        assert reply.status_code == 403, (areas, subject)
        assert reply.json()["type"].endswith("not-your-decision")
    outside = await province.post(answer, ANSWER, "permit_officer", ("172",))
    assert outside.status_code == 404
    done = await province.post(answer, ANSWER, "permit_officer", ("164",), subject="huyen")
    assert done.json()["status"] == "issued"
    assert done.json()["appeals"][0]["sentence"] == ANSWER["reason"]
    kinds = [fact.type for fact in province.facts("holders")]
    assert kinds[-2:] == ["permit.permit-reinstated.v1", "permit.appeal-answered.v1"]
    assert (
        await province.post(answer, ANSWER, "permit_officer", ("164",), subject="huyen")
    ).status_code == 409


async def test_an_appeal_that_is_upheld_changes_nothing_but_is_answered(province: Province) -> None:
    path = await stopped(province)
    appeal = (await province.post(f"{path}/appeals", TEXT, "citizen", (), **holder(province))).json()[
        "appeals"
    ][0]
    upheld = {"verdict": "upheld", "reason": "Đã xem lại, biển số vẫn không đúng."}
    answer = f"{path}/appeals/{appeal['appeal_id']}/answer"
    reply = (await province.post(answer, upheld, "permit_officer", ("164",), subject="huyen")).json()
    assert (reply["status"], reply["appeals"][0]["verdict"]) == ("suspended", "upheld")
    assert reply["can_appeal"]
    assert (await province.get("/v1/appeals", "permit_officer")).json()["items"] == []


async def test_a_refused_application_is_issued_when_its_appeal_is_granted(province: Province) -> None:
    await under_16(province)
    permit = (await province.apply(category="personal")).json()
    path = f"/v1/permits/{permit['permit_id']}"
    appeal = (await province.post(f"{path}/appeals", TEXT, "citizen", (), **holder(province))).json()[
        "appeals"
    ][0]
    answer = f"{path}/appeals/{appeal['appeal_id']}/answer"
    wrong = await province.post(answer, ANSWER, ("permit_officer", "traffic_police"), subject="giao-thong")
    assert wrong.status_code == 403
    done = await province.post(answer, ANSWER, POLICE, ("05434",), subject="cong-an")
    assert done.json()["status"] == "issued"


async def test_what_other_services_say_of_a_holder_is_not_taken_back_and_not_named(
    province: Province,
) -> None:
    permit = (await province.apply()).json()
    path = f"/v1/permits/{permit['permit_id']}"
    barred = NoteStanding(province.person_id, Source.F0, is_barred=True, sequence=1)
    await province.app.state.parts["holders"].run(barred, Cause("f0"))
    await province.hear()
    why = await province.get(f"{path}/why", "citizen", (), **holder(province))
    assert [entry["rule"] for entry in why.json()["record"]] == ["category:essential-goods", "not-now"]
    words = ("f0", "covid", "cách ly", "bệnh", "nhiễm", "standing", "quarantine")
    assert not any(word in why.text.lower() for word in words)
    appeal = (await province.post(f"{path}/appeals", TEXT, "citizen", (), **holder(province))).json()[
        "appeals"
    ][0]
    answer = f"{path}/appeals/{appeal['appeal_id']}/answer"
    reply = await province.post(answer, ANSWER, "permit_officer", subject="tinh")
    assert reply.status_code == 409
    assert "gọi xã, phường" in reply.json()["detail"]


async def test_nobody_objects_to_what_is_not_theirs_or_not_against_them(province: Province) -> None:
    permit = (await province.apply()).json()
    path = f"/v1/permits/{permit['permit_id']}/appeals"
    assert (await province.post(path, TEXT, "citizen", (), person_id="p-khac")).status_code == 404
    assert (await province.post(path, TEXT, "citizen", (), **holder(province))).status_code == 409
    assert (await province.post(path, {"text": "ngắn"}, "citizen", (), **holder(province))).status_code == 422


@pytest.mark.parametrize(
    ("roles", "areas", "status"),
    [
        (POLICE, ("05434",), 200),
        (POLICE, ("05443",), 404),
        (("permit_officer", "traffic_police"), ("19",), 403),
        ("permit_officer", ("05434",), 403),
        ("permit_officer", ("164",), 200),
    ],
)
async def test_only_the_office_that_the_policy_names_settles(
    province: Province, roles: Any, areas: tuple[str, ...], status: int
) -> None:
    await under_16(province)
    permit = (await province.apply(category="family-emergency")).json()
    assert permit["decision"]["issuer"] == "commune-police"
    seen = (await province.get("/v1/permit-queue", roles, areas)).json()["items"]
    assert [row["can_decide"] for row in seen] == ([True] if status == 200 else [])
    settle = f"/v1/permits/{permit['permit_id']}/decision"
    reply = await province.post(settle, {"outcome": "approved"}, roles, areas, subject="ai-do")
    assert reply.status_code in (status, 403), reply.text
    assert (reply.status_code == 200) == (status == 200)


async def test_who_says_alone_to_be_on_public_duty_is_looked_at_by_a_person(province: Province) -> None:
    await under_16(province)
    body = application_body(category="public-duty")
    alone = await province.post("/v1/permits", body, "citizen", (), **holder(province))
    assert (alone.json()["status"], alone.json()["decision"]["issuer"]) == ("queued", "unit-head")
    staff = {**IDENTITY, "cccd": "019084000111"}
    await province.confirmed_firm("co-quan")
    by_unit = await province.post("/v1/permits", {**body, "person": staff}, "employer", subject="co-quan")
    assert by_unit.json()["status"] == "issued"


async def test_the_preview_counts_what_the_change_then_does(province: Province) -> None:
    for number, category in enumerate(("personal", "worker", "essential-goods")):
        person = {**IDENTITY, "cccd": f"01908400{number:04d}"}
        assert (await province.apply(category=category, person=person)).status_code == 201
    change = "/v1/permit-changes?area_code=19&directive=16"
    seen = (await province.get(change, "leader")).json()
    assert seen["counts"] == {"stops": 1, "narrows": 1, "returns": 0, "unchanged": 1}
    assert "Mẫu" not in str(seen["samples"])
    assert (await province.get(change, "permit_officer", ("164",))).status_code == 403
    inside = await province.get("/v1/permit-changes?area_code=164&directive=16", "permit_officer", ("164",))
    assert inside.json()["counts"]["stops"] == 1
    assert not inside.json()["can_order"]
    elsewhere = await province.get("/v1/permit-changes?area_code=172&directive=16", "leader")
    assert elsewhere.json()["counts"]["stops"] == 1  # its way leads through 172, by the strictest rule
    await under_16(province)
    await province.hear()
    [planned] = (await province.get("/v1/permit-changes/rollouts", "leader")).json()["items"]
    assert planned["started_at"] is None
    works, rollouts = province.app.state.parts, province.stores.rollouts
    [due] = await rollouts.due(province.clock.now() + timedelta(seconds=1), list(range(16)), 9)
    await works["rollouts"].run(due, Cause("minute"))
    while await works["rollout"].step():
        pass
    [done] = (await province.get("/v1/permit-changes/rollouts", "leader")).json()["items"]
    assert (done["seen"], done["stops"], done["narrows"]) == (3, 1, 1)
    assert (await province.get(change, "leader")).json()["counts"]["unchanged"] == 3
    [stopped_one] = (await province.get("/v1/permits?status=suspended", "permit_officer")).json()["items"]
    assert "Chỉ thị 16" in stopped_one["message"]
