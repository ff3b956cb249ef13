"""The service through its HTTP door, on memory stores."""

import io
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from common.work.model import Cause
from permit.domain.commands import NoteStanding
from permit.domain.model import Source
from services.permit.tests.conftest import IDENTITY, Province, application_body
from services.permit.tests.samples import HOUR, NOW
from services.permit.tests.vectors.make_vectors import certificate


async def bar(province: Province, source: Source, sequence: int, *, is_barred: bool) -> None:
    command = NoteStanding(province.person_id, source, is_barred, sequence)
    await province.app.state.parts["holders"].run(command, Cause(f"{source}-{sequence}"))


async def test_an_approved_application_comes_back_with_a_code(province: Province) -> None:
    await province.put("/v1/directives/19", {"directive": "16", "document": "Công văn mẫu"})
    reply = await province.apply()
    assert reply.status_code == 201, reply.text
    permit = reply.json()
    assert permit["status"] == "issued"
    assert permit["decision"]["policy"] == "permit-16.2021-08"
    assert permit["qr"].startswith("TP1:")
    assert permit["plate"] == "20C12345"
    [fact] = province.facts("holders")
    assert fact.type == "permit.permit-issued.v1"
    assert "Mẫu" not in fact.data
    assert IDENTITY["cccd"] not in fact.data


async def test_the_same_request_twice_is_one_permit(province: Province) -> None:
    key = "mot-khoa-lap-lai-1"
    first = await province.post("/v1/permits", application_body(), "permit_officer", key=key)
    second = await province.post("/v1/permits", application_body(), "permit_officer", key=key)
    assert first.json()["permit_id"] == second.json()["permit_id"]
    assert first.json()["qr"] == second.json()["qr"]
    assert len(province.facts("holders")) == 1


async def test_nothing_personal_is_kept_in_clear(province: Province) -> None:
    await province.apply()
    kept = repr(province.stores.holders.aggregates)
    for secret in (IDENTITY["full_name"], IDENTITY["cccd"], IDENTITY["phone"], "siêu thị"):
        assert secret not in kept


async def test_a_valid_permit_passes_and_the_officer_sees_whom_to_compare(province: Province) -> None:
    permit = (await province.apply()).json()
    verdict = await province.scan(qr=permit["qr"])
    assert (verdict["verdict"], verdict["reason_code"]) == ("allowed", "valid")
    assert verdict["person"] == {"full_name": "Nguyễn Văn Mẫu", "birth_year": 1984, "id_tail": "0999"}
    assert verdict["shown"]["plate"] == "20C12345"
    [fact] = province.facts("scans")
    assert fact.subject == permit["permit_id"]


async def test_a_declared_f0_is_refused_at_once_in_words_that_name_no_disease(province: Province) -> None:
    permit = (await province.apply()).json()
    await bar(province, Source.F0, 1, is_barred=True)
    verdict = await province.scan(qr=permit["qr"])
    assert (verdict["verdict"], verdict["reason_code"]) == ("refused", "not-valid-now")
    text = f"{verdict['message_vi']} {verdict['next_vi']}".lower()
    assert not any(word in text for word in ("f0", "covid", "cách ly", "bệnh", "dịch"))
    await bar(province, Source.F0, 2, is_barred=False)
    assert (await province.scan(qr=permit["qr"]))["verdict"] == "allowed"


async def test_an_application_of_a_barred_person_is_told_not_now(province: Province) -> None:
    await bar(province, Source.QUARANTINE, 1, is_barred=True)
    permit = (await province.apply()).json()
    assert permit["status"] == "refused"
    assert permit["qr"] is None
    reason = permit["decision"]["reason"].lower()
    assert not any(word in reason for word in ("f0", "covid", "cách ly", "bệnh"))
    assert province.facts("holders") == []


async def test_a_tampered_code_shows_nobody_and_is_recorded(province: Province) -> None:
    qr = (await province.apply()).json()["qr"]
    tampered = qr[:60] + ("A" if qr[60] != "A" else "B") + qr[61:]
    verdict = await province.scan(qr=tampered)
    assert verdict["verdict"] == "refused"
    assert verdict["reason_code"] in ("bad-signature", "damaged", "unknown-key")
    assert verdict["person"] is None
    assert verdict["permit_id"] is None
    assert province.facts("scans")[0].subject == "unreadable"


@pytest.mark.parametrize("text", ["https://example.org", "HC1:ABC", "TP1:", "", " ", "x" * 2_000])
async def test_whatever_is_scanned_gets_a_verdict(province: Province, text: str) -> None:
    verdict = await province.scan(qr=text)
    assert verdict["verdict"] == "refused"
    assert verdict["message_vi"]


async def test_a_typed_number_is_verified_online(province: Province) -> None:
    permit = (await province.apply()).json()
    verdict = await province.scan(permit_id=permit["number"].lower())
    assert verdict["verdict"] == "allowed"
    assert verdict["person"]["full_name"] == "Nguyễn Văn Mẫu"
    assert (await province.scan(permit_id="0000-0000-0000-0000"))["reason_code"] == "unknown-permit"
    assert (await province.scan(permit_id="không đọc được"))["reason_code"] == "unreadable"


async def test_place_hours_and_plate_are_judged(province: Province) -> None:
    qr = (await province.apply()).json()["qr"]
    assert (await province.scan(qr=qr, plate="20C-999.99"))["reason_code"] == "plate-mismatch"
    assert (await province.scan(qr=qr, checkpoint_id="phu-binh"))["reason_code"] == "outside-area"
    province.clock.move(timedelta(hours=12))
    assert (await province.scan(qr=qr))["reason_code"] == "outside-hours"
    province.clock.move(timedelta(hours=72))
    assert (await province.scan(qr=qr))["reason_code"] == "expired"


async def test_an_officer_suspends_reinstates_and_revokes(province: Province) -> None:
    permit = (await province.apply()).json()
    path = f"/v1/permits/{permit['permit_id']}"
    reason = {"reason": "Đang xác minh thông tin"}
    for act, status, code in (
        ("suspension", "suspended", "not-valid-now"),
        ("reinstatement", "issued", "valid"),
        ("revocation", "revoked", "revoked"),
    ):
        reply = await province.post(f"{path}/{act}", reason, "permit_officer")
        assert reply.json()["status"] == status, reply.text
        assert (await province.scan(qr=permit["qr"]))["reason_code"] == code
    reply = await province.post(f"{path}/reinstatement", reason, "permit_officer")
    assert reply.status_code == 409
    assert reply.json()["type"].endswith("not-in-force")


async def test_scans_without_a_network_are_recorded_once_in_any_order(province: Province) -> None:
    qr = (await province.apply()).json()["qr"]
    items = [
        {
            "scan_id": f"thiet-bi-mau-{number}",
            "qr": qr,
            "checkpoint_id": "thai-nguyen",
            "scanned_at": (NOW - number * HOUR / 60).isoformat(),
            "verdict": "allowed",
            "reason_code": "valid",
            "list_age_seconds": 2160,
        }
        for number in range(3)
    ]
    stray = {**items[0], "scan_id": "thiet-bi-mau-x", "checkpoint_id": "khong-co"}
    first = await province.post("/v1/scans", {"items": [items[2], stray, items[0]]}, "checkpoint_officer")
    assert [row["outcome"] for row in first.json()["items"]] == ["recorded", "refused", "recorded"]
    again = await province.post("/v1/scans", {"items": [*items, items[0]]}, "checkpoint_officer")
    assert [row["outcome"] for row in again.json()["items"]] == [
        "duplicate",
        "recorded",
        "duplicate",
        "duplicate",
    ]
    facts = province.facts("scans")
    assert len(facts) == 3
    assert all('"list_age_seconds":2160' in fact.data and '"mode":"offline"' in fact.data for fact in facts)


async def test_an_online_scan_whose_answer_was_lost_is_not_counted_again(province: Province) -> None:
    qr = (await province.apply()).json()["qr"]
    await province.scan(qr=qr, scan_id="thiet-bi-mau-1")
    item = {
        "scan_id": "thiet-bi-mau-1",
        "qr": qr,
        "checkpoint_id": "thai-nguyen",
        "scanned_at": NOW.isoformat(),
        "verdict": "allowed",
        "reason_code": "valid",
    }
    reply = await province.post("/v1/scans", {"items": [item]}, "checkpoint_officer")
    assert reply.json()["items"][0]["outcome"] == "duplicate"
    assert len(province.facts("scans")) == 1


async def test_keys_rotate_and_a_revoked_key_is_refused_until_the_code_is_asked_for_again(
    province: Province,
) -> None:
    permit = (await province.apply()).json()
    first = (await province.get("/v1/keys", "administrator")).json()["items"][0]["kid"]
    province.clock.move(HOUR)
    rotated = await province.post("/v1/keys/rotation", {}, "administrator")
    assert [key["status"] for key in rotated.json()["items"]] == ["retired", "active"]
    assert (await province.scan(qr=permit["qr"]))["verdict"] == "allowed"
    path = f"/v1/permits/{permit['permit_id']}"
    assert (await province.get(path, "permit_officer")).json()["qr"] == permit["qr"]
    newer = (await province.apply(person={**IDENTITY, "cccd": "019084000111"})).json()
    assert (await province.scan(qr=newer["qr"]))["verdict"] == "allowed"
    revoked = await province.post(f"/v1/keys/{first}/revocation", {}, "administrator")
    assert revoked.json()["sequence"] == 3
    assert (await province.scan(qr=permit["qr"]))["reason_code"] == "key-revoked"
    again = (await province.get(path, "permit_officer")).json()
    assert again["qr"] != permit["qr"]
    assert (await province.scan(qr=again["qr"]))["verdict"] == "allowed"


async def test_the_trust_list_is_signed_by_the_root(province: Province) -> None:
    from base64 import b64decode

    from common.credential.keys import VerificationKey
    from common.credential.trust_list import read

    view = (await province.get("/v1/trust-list", "checkpoint_officer")).json()
    root = VerificationKey(b64decode(view["root"]), NOW, NOW, NOW)
    trusted = read(b64decode(view["cose"]), root, NOW)
    assert trusted.sequence == view["sequence"] == 1


async def test_the_code_is_shown_as_a_picture_and_printed_on_one_page(province: Province) -> None:
    permit = (await province.apply()).json()
    path = f"/v1/permits/{permit['permit_id']}"
    picture = await province.get(f"{path}/qr.png", "permit_officer")
    assert zxingcpp.read_barcode(Image.open(io.BytesIO(picture.content))).text == permit["qr"]
    paper = await province.get(f"{path}/permit.pdf", "permit_officer")
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.content.count(b"/Type /Page\n") == 1


async def test_a_queued_application_waits_for_an_officer(province: Province) -> None:
    await province.put("/v1/directives/19", {"directive": "16", "document": "Công văn mẫu"})
    permit = (await province.apply(category="family-emergency")).json()
    assert (permit["status"], permit["qr"]) == ("queued", None)
    queue = (await province.get("/v1/permits?status=queued", "permit_officer")).json()
    assert [row["permit_id"] for row in queue["items"]] == [permit["permit_id"]]
    path = f"/v1/permits/{permit['permit_id']}"
    assert (await province.get(f"{path}/qr.png", "permit_officer")).status_code == 409
    assert (
        await province.post(f"{path}/decision", {"outcome": "refused"}, "permit_officer")
    ).status_code == 422
    settled = await province.post(f"{path}/decision", {"outcome": "approved"}, "permit_officer")
    assert settled.json()["status"] == "queued"
    await province.after(timedelta(seconds=10))
    assert (await province.get(path, "permit_officer")).json()["status"] == "issued"


async def test_people_are_found_by_name_without_accents_within_the_area(province: Province) -> None:
    await province.apply()
    found = (await province.get("/v1/permits?q=nguyen mau", "permit_officer", ("164",))).json()
    assert len(found["items"]) == 1
    assert (await province.get("/v1/permits?q=nguyen mau", "permit_officer", ("172",))).json()["items"] == []
    assert (await province.get("/v1/permits?q=tran", "permit_officer")).json()["items"] == []


async def test_reading_a_permit_is_noted_for_its_holder(province: Province) -> None:
    permit = (await province.apply()).json()
    await province.get(f"/v1/permits/{permit['permit_id']}", "permit_officer")
    rows = await province.runtime.access_log.readings_of(province.person_id, limit=9)
    assert {row.purpose for row in rows} >= {"Xem giấy đi đường"}


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"valid_until": (NOW - 2 * HOUR).isoformat()}, "invalid-period"),
        ({"areas": ["99999"]}, "unknown-area"),
        ({"commune_code": "99999"}, "unknown-commune"),
        ({"category": "du-lich"}, "unknown-category"),
        ({"plate": "ABC"}, "invalid-plate"),
        ({"plate": None}, None),
        ({"person": {**IDENTITY, "sex": "female"}}, "invalid-input"),
        ({"person": {**IDENTITY, "birth_year": 1985}}, "invalid-input"),
        ({"person": {**IDENTITY, "phone": "12"}}, "invalid-input"),
        ({"windows": [{"weekdays": [8], "from": "05:00", "to": "20:00"}]}, "invalid-input"),
        ({"windows": [{"weekdays": [1], "from": "25:00", "to": "20:00"}]}, "invalid-input"),
        ({"valid_from": "hôm nay"}, "invalid-input"),
    ],
)
async def test_wrong_input_is_told_in_vietnamese_and_changes_nothing(
    province: Province, changes: dict[str, Any], slug: str | None
) -> None:
    reply = await province.apply(**changes)
    if slug is None:
        assert reply.status_code == 201  # no directive in force: no plate needed
        return
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["type"].endswith(slug)
    assert province.stores.holders.aggregates == {}


async def test_a_citizen_asks_for_and_sees_only_their_own(province: Province) -> None:
    mine = {"person_id": province.person_id}
    reply = await province.post("/v1/permits", application_body(), "citizen", (), **mine)
    assert reply.status_code == 201, reply.text
    path = f"/v1/permits/{reply.json()['permit_id']}"
    assert (await province.get(path, "citizen", (), **mine)).status_code == 200
    assert (await province.get(path, "citizen", (), person_id="p-khac")).status_code == 404
    stranger = await province.post("/v1/permits", application_body(), "citizen", (), person_id="p-khac")
    assert stranger.status_code == 403
    assert (await province.get("/v1/permits", "citizen", (), person_id="p-khac")).json()["items"] == []


async def test_a_body_that_is_too_large_is_refused(province: Province) -> None:
    reply = await province.post("/v1/verifications", {"qr": "x" * 70_000}, "checkpoint_officer")
    assert reply.status_code == 413


@pytest.mark.parametrize("shown", [certificate(), "RC1:"], ids=["whole", "as the scanner sends it"])
async def test_a_recovery_certificate_is_named_as_no_permit_and_nothing_of_it_is_shown_or_kept(
    province: Province, shown: str
) -> None:
    verdict = await province.scan(qr=shown)

    assert verdict["message_vi"] == "Đây là giấy xác nhận khỏi bệnh, không phải giấy đi đường"
    assert (verdict["verdict"], verdict["reason_code"]) == ("refused", "foreign")
    assert (verdict["person"], verdict["shown"], verdict["permit_id"]) == (None, None, None)
    kept = repr([*province.stores.scans.rows.values(), *province.stores.scans.facts()])
    assert "foreign" in kept
    assert not [word for word in ("RC1", "NGUYỄN", "recovery", "0999") if word in kept]
