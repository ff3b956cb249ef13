"""The end of care at home by the dated rule, and the certificate that proves it without saying of what."""

from base64 import b64decode
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from common.credential import revocation, trust_list
from common.credential.keys import VerificationKey
from common.credential.listing import Mark
from common.credential.recovery import PREFIX
from common.credential.recovery import verify as verify_offline
from common.credential.refusals import Unverifiable
from common.testing.sign_in import bearer
from f0_monitoring.domain import end_of_care
from f0_monitoring.domain.end_of_care import Assay, EndCare, NegativeTest
from f0_monitoring.domain.errors import EndTooEarly, NotAtHome, TestDoesNotCount
from f0_monitoring.domain.facts import PatientClosed
from f0_monitoring.domain.model import CareState, Profile
from f0_monitoring.rulebook.end_of_care import EndFile, EndRuleBook

RULES = EndRuleBook.load(Path(__file__).parents[3] / "rules")
STATION = bearer("health_officer", ("05908",), subject="tram")
TELLTALES = ("F0", "COVID", "SARS", "bệnh", "dương tính", "xét nghiệm", "261", "762")
CHECKPOINT = bearer("checkpoint_officer", ("19",))


def negative(day: date, *, supervised: bool = True) -> NegativeTest:
    return NegativeTest(Assay.RAPID, day, supervised)


def ended(diary: Any, now: Any, with_test: NegativeTest | None = None) -> Any:
    rule = RULES.on(end_of_care.local_day(now))
    return diary.do(EndCare("p-1", diary.officer, rule, with_test), now)


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2021, 8, 21), "end-4038-2021"),
        (date(2022, 1, 30), "end-4038-2021"),
        (date(2022, 1, 31), "end-261-2022"),
        (date(2022, 2, 20), "end-261-2022"),
        (date(2022, 2, 21), "end-762-2022"),
        (date(2026, 1, 1), "end-762-2022"),
    ],
)
def test_each_day_has_its_rule(day: date, version: str) -> None:
    assert RULES.on(day).version == version


@pytest.mark.parametrize("file", RULES.book.versions, ids=lambda file: file.version)
@pytest.mark.parametrize("is_vaccinated", [True, False])
def test_every_boundary_of_every_rule_holds(
    file: EndFile, is_vaccinated: bool, new_diary: Any, at: Any
) -> None:
    rule = file.to_domain()
    profile = Profile(age_months=360, vaccination_doses=2 if is_vaccinated else 1)
    concerned = [p for p in rule.paths if p.is_fully_vaccinated in (None, is_vaccinated)]
    with_test = min(p.from_day for p in concerned if p.needs_negative_test)
    alone = min(p.from_day for p in concerned if not p.needs_negative_test)
    tested_on = date(2022, 3, 1)
    for day in range(16):
        for has_test in (True, False):
            diary, now = new_diary(), at(1, 9, month=3)
            diary.declare(now, profile, tested_on=tested_on)
            now += timedelta(days=day)
            given = negative(tested_on + timedelta(days=day)) if has_test else None
            command = EndCare("p-1", diary.officer, rule, given)
            may = day >= (min(with_test, alone) if has_test else alone)
            if may:
                diary.do(command, now)
                assert diary.patient.care is CareState.RECOVERED
                [fact] = diary.told(PatientClosed)
                assert fact.closed_on == tested_on + timedelta(days=day)
            else:
                with pytest.raises((EndTooEarly, TestDoesNotCount)):
                    diary.do(command, now)


def test_the_refusal_says_from_which_day(diary: Any, at: Any) -> None:
    diary.declare(at(1, 9, month=3))
    with pytest.raises(EndTooEarly, match="từ 08/03/2022 nếu xét nghiệm âm tính, từ 11/03/2022"):
        ended(diary, at(6, 9, month=3))


def test_a_test_counts_only_from_its_day_and_under_somebodys_eyes(diary: Any, at: Any) -> None:
    diary.declare(at(1, 9, month=3))
    now = at(9, 9, month=3)
    for wrong in (
        negative(date(2022, 3, 7)),
        negative(date(2022, 3, 10)),
        negative(date(2022, 3, 9), supervised=False),
    ):
        with pytest.raises(TestDoesNotCount):
            ended(diary, now, wrong)
    assert ended(diary, now, negative(date(2022, 3, 8))).answer == {"care_state": "recovered"}
    assert end_of_care.rule_of(diary.patient) == "end-762-2022.negative-test"


def test_nobody_with_a_danger_sign_or_elsewhere_is_released(diary: Any, at: Any) -> None:
    diary.declare(at(1, 9, month=3))
    diary.report(at(15, 8, month=3), symptoms=("chest_pain",))
    with pytest.raises(EndTooEarly, match="dấu hiệu nguy hiểm"):
        ended(diary, at(15, 9, month=3))
    diary.move(CareState.TRANSFERRING, at(15, 10, month=3))
    with pytest.raises(NotAtHome):
        ended(diary, at(15, 11, month=3))


def code_in(pdf: bytes) -> str:
    page = pypdfium2.PdfDocument(pdf)[0]
    return zxingcpp.read_barcodes(page.render(scale=3).to_pil())[0].text


def words_in(pdf: bytes) -> str:
    return pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()


async def declared(house: Any, cccd: str = "019190000001", **changes: Any) -> str:
    body = {
        "person": {"full_name": "Nguyễn Thị Mẫu", "cccd": cccd, "birth_year": 1990, "sex": "female"},
        "commune_code": "05908",
        "address": "Tổ 1",
        "tested_on": "2022-02-10",
        "vaccination_doses": 2,
        **changes,
    }
    reply = await house.client.post("/v1/patients", json=body, headers=STATION)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["person_id"])


async def test_the_stations_list_of_who_may_end_today(house: Any) -> None:
    early = await declared(house, "019190000001", tested_on="2022-02-01")
    late = await declared(house, "019190000002", tested_on="2022-02-03")
    await declared(house, "019190000003", tested_on="2022-02-10")
    page = (await house.client.get("/v1/may-end?limit=1", headers=STATION)).json()
    [first] = page["items"]
    assert (first["person_id"], first["day"], first["needs_test"]) == (early, 9, True)
    assert (first["with_test_on"], first["without_test_on"]) == ("2022-02-08", "2022-02-11")
    assert first["person"]["full_name"] == "Nguyễn Thị Mẫu"
    rest = (await house.client.get(f"/v1/may-end?cursor={page['next']}", headers=STATION)).json()
    assert [each["person_id"] for each in rest["items"]] == [late]
    other = bearer("health_officer", ("164",))
    assert (await house.client.get("/v1/may-end", headers=other)).json()["items"] == []


async def test_a_certificate_proves_it_online_and_offline_and_names_no_disease(house: Any) -> None:
    person_id = await declared(house)
    path = f"/v1/patients/{person_id}"
    assert (await house.client.get(f"{path}/certificate.pdf", headers=STATION)).status_code == 404
    house.clock.forward(days=12)
    body = {"test": {"kind": "rapid", "taken_on": "2022-02-20", "is_supervised": True}}
    done = await house.client.post(f"{path}/end-of-care", json=body, headers=STATION)
    assert (done.status_code, done.json()["care_state"]) == (200, "recovered"), done.text
    citizen = bearer("citizen", (), person_id=person_id)
    pdf = await house.client.get(f"{path}/certificate.pdf", headers=citizen)
    assert pdf.headers["content-type"] == "application/pdf"
    text = words_in(pdf.content)
    assert "Nguyễn Thị Mẫu" in text
    assert not [
        word for word in ("F0", "COVID", "SARS", "dương tính", "khỏi bệnh", "261", "762") if word in text
    ]

    code = code_in(pdf.content)
    assert code.startswith(PREFIX)
    again = await house.client.get(f"{path}/certificate.pdf", headers=STATION)
    assert code_in(again.content) == code

    async def verify(text: str) -> Any:
        json = {"code": text}
        return (
            await house.client.post("/v1/certificate-verifications", json=json, headers=CHECKPOINT)
        ).json()

    said = await verify(code)
    assert (said["verdict"], said["full_name"], said["id_tail"]) == ("valid", "Nguyễn Thị Mẫu", "0001")
    assert not [word for word in TELLTALES if word in said["title"] + said["message"]]
    assert (await verify(code[:-3] + "000"))["verdict"] == "unverifiable"
    assert "giấy đi đường" in (await verify("TP1:ABC"))["message"].lower()

    published = (await house.client.get("/v1/certificate-trust-list", headers=CHECKPOINT)).json()
    now = house.clock.now()
    root = VerificationKey(b64decode(published["root"]), now, now, now)
    trusted = trust_list.read(b64decode(published["signed"]), root, now)
    assert verify_offline(code, trusted, now).name == "Nguyễn Thị Mẫu"

    house.clock.forward(days=181)
    assert (await verify(code))["verdict"] == "expired"


async def test_the_keys_change_in_time_and_old_certificates_still_count(house: Any) -> None:
    person_id = await declared(house)
    house.clock.forward(days=12)
    body = {"test": {"kind": "pcr", "taken_on": "2022-02-20", "is_supervised": True}}
    await house.client.post(f"/v1/patients/{person_id}/end-of-care", json=body, headers=STATION)
    pdf = await house.client.get(f"/v1/patients/{person_id}/certificate.pdf", headers=STATION)
    seal = house.app.state.parts["seal"]
    house.clock.forward(days=160)
    await seal.rotate_when_due()
    await seal.rotate_when_due()
    assert (await seal.published()).sequence == 2
    code = code_in(pdf.content)
    assert (await seal.verified(code)).name == "Nguyễn Thị Mẫu"
    again = await house.client.get(f"/v1/patients/{person_id}/certificate.pdf", headers=STATION)
    assert code_in(again.content) == code


async def closing(house: Any, person_id: str, who: dict[str, str], **more: Any) -> Any:
    body = {"outcome": "recovered", "reason": "Khỏe mạnh, hết sốt, đã hội chẩn", **more}
    return await house.client.post(f"/v1/patients/{person_id}/closing", json=body, headers=who)


async def test_nobody_is_closed_as_recovered_before_the_rule_lets_go(house: Any) -> None:
    person_id = await declared(house)
    for who in (STATION, bearer("doctor", ("173",)), bearer("health_officer", ("19",))):
        refused = await closing(house, person_id, who)
        assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "end-too-early")
    assert "từ 20/02/2022" in refused.json()["detail"]
    assert house.patients.aggregates[person_id].state.care is CareState.DECLARED


async def test_closing_as_recovered_in_time_is_the_end_by_the_rule(house: Any) -> None:
    person_id = await declared(house)
    house.clock.forward(days=10)
    assert (await closing(house, person_id, STATION)).status_code == 200
    kept = house.patients.aggregates[person_id].state
    assert end_of_care.rule_of(kept).startswith("end-261-2022.")
    assert kept.history[-1].note
    pdf = await house.client.get(f"/v1/patients/{person_id}/certificate.pdf", headers=STATION)
    assert pdf.status_code == 200


async def test_the_district_may_go_beyond_the_rule_with_a_reason_and_without_a_certificate(
    house: Any,
) -> None:
    person_id = await declared(house)
    for who in (STATION, bearer("doctor", ("173", "19"))):
        refused = await closing(house, person_id, who, override=True)
        assert (refused.status_code, "huyện" in refused.json()["detail"]) == (403, True), refused.text
    district = bearer("health_officer", ("173",), subject="tt-173")
    assert (await closing(house, person_id, district, override=True, reason="sớm")).status_code == 422
    assert (await closing(house, person_id, district, override=True)).status_code == 200
    step = house.patients.aggregates[person_id].state.history[-1]
    assert (step.by, step.reason) == ("tt-173", "end-override")
    assert step.note
    assert "hội chẩn" not in step.note
    paper = await house.client.get(f"/v1/patients/{person_id}/certificate.pdf", headers=district)
    assert (paper.status_code, paper.json()["type"].rpartition(":")[2]) == (404, "no-certificate")


async def test_whom_a_hospital_lets_go_needs_the_days_only_and_gets_no_certificate(house: Any) -> None:
    person_id = await declared(house)
    for state in ("transferring", "in_hospital"):
        body = {"to_state": state, "reason": "worsening"}
        await house.client.post(f"/v1/patients/{person_id}/moves", json=body, headers=STATION)
    house.clock.forward(days=9)
    refused = await closing(house, person_id, STATION)
    assert (refused.status_code, "nằm viện" in refused.json()["detail"]) == (409, True)
    house.clock.forward(days=1)
    assert (await closing(house, person_id, STATION)).status_code == 200
    paper = await house.client.get(f"/v1/patients/{person_id}/certificate.pdf", headers=STATION)
    assert paper.status_code == 404


async def test_a_wrongly_issued_certificate_is_taken_back_and_every_verifier_says_so(house: Any) -> None:
    ids = [await declared(house, f"01919000000{n}") for n in (1, 2)]
    house.clock.forward(days=10)
    codes = []
    for person_id in ids:
        assert (await closing(house, person_id, STATION)).status_code == 200
        pdf = await house.client.get(f"/v1/patients/{person_id}/certificate.pdf", headers=STATION)
        codes.append(code_in(pdf.content))
    path, body = f"/v1/patients/{ids[0]}/certificate-revocation", {"reason": "Nhầm với người trùng tên"}
    for who, status in (
        (bearer("citizen", (), person_id=ids[0]), 403),
        (bearer("doctor", ("173",)), 403),
        (bearer("health_officer", ("164",)), 404),
    ):
        assert (await house.client.post(path, json=body, headers=who)).status_code == status

    own = f"/v1/patients/{ids[0]}/certificate"
    before = (await house.client.get(own, headers=STATION)).json()["certificate"]
    first = await house.client.post(path, json=body, headers=STATION)
    after = (await house.client.get(own, headers=STATION)).json()["certificate"]
    assert (before["revoked"], after) == (None, {**before, "revoked": first.json()})
    again = await house.client.post(path, json={"reason": "lý do khác"}, headers=STATION)

    assert (first.status_code, first.json()) == (200, again.json()), first.text
    assert first.json()["reason"] == "Nhầm với người trùng tên"
    [kept] = house.stores.intake.revocations.aggregates.values()
    assert (kept.state.by, "Nhầm" in kept.state.reason) == ("tram", False)
    seen = [
        (
            await house.client.post("/v1/certificate-verifications", json={"code": code}, headers=CHECKPOINT)
        ).json()
        for code in codes
    ]
    assert [one["verdict"] for one in seen] == ["revoked", "valid"]
    assert "THU HỒI" in seen[0]["title"]
    assert (seen[0]["full_name"], seen[0]["number"]) == ("", first.json()["number"])
    assert not [word for word in TELLTALES if word in seen[0]["title"] + seen[0]["message"]]
    paper = await house.client.get(f"/v1/patients/{ids[0]}/certificate.pdf", headers=STATION)
    assert (paper.status_code, "thu hồi" in paper.json()["detail"]) == (404, True)

    told = (await house.client.get("/v1/certificate-revocation-list", headers=CHECKPOINT)).json()
    trusted = (await house.client.get("/v1/certificate-trust-list", headers=CHECKPOINT)).json()
    now = house.clock.now()
    root = VerificationKey(b64decode(trusted["root"]), now, now, now)
    keys = trust_list.read(b64decode(trusted["signed"]), root, now)
    head, rows = revocation.read_full(b64decode(told["signed"]), root)
    marks = [rows.mark_of(verify_offline(code, keys, now).cti) for code in codes]
    assert (head.sequence, marks) == (1, [Mark.REVOKED, None])
    forged = b64decode(told["signed"])[:-1] + b"\x01"
    with pytest.raises(Unverifiable):
        revocation.read_full(forged, root)


async def test_without_a_certificate_there_is_nothing_to_take_back(house: Any) -> None:
    person_id = await declared(house)
    url = f"/v1/patients/{person_id}/certificate-revocation"
    reply = await house.client.post(url, json={"reason": "thử"}, headers=STATION)
    assert reply.status_code == 404
    own = await house.client.get(f"/v1/patients/{person_id}/certificate", headers=STATION)
    assert (own.status_code, own.json()) == (200, {"certificate": None})
    empty = (await house.client.get("/v1/certificate-revocation-list", headers=CHECKPOINT)).json()
    assert empty["sequence"] == 0
