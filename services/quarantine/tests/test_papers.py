"""Orders and certificates on paper: what they say, must not say, and what their codes mean later."""

import io
from base64 import b64decode
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from common.credential import quarantine_paper, trust_list
from common.credential.keys import VerificationKey
from common.credential.quarantine_paper import PREFIX, Kind
from common.testing.sign_in import bearer
from services.quarantine.tests.conftest import Running

WARD = bearer("health_officer", ("05443",), subject="cb-05443")
DISTRICT = bearer("health_officer", ("164",), subject="tt-164")
ELSEWHERE = bearer("health_officer", ("172",), subject="tt-172")
CHECKPOINT = bearer("checkpoint_officer", ("19",))
TELLTALES = ("F0", "F1", "COVID", "SARS", "bệnh", "dương tính", "xét nghiệm", "tiếp xúc")


def body(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "person": {
            "full_name": f"Nguyễn Thị Mẫu {chr(65 + number % 26)}",
            "passport": f"B1234{number:03}",
            "birth_year": 1990,
            "sex": "female",
        },
        "commune_code": "05443",
        "address": "Số 12, tổ 3",
        "category": "f1",
        "last_exposure_on": "2021-08-01",
        "order_number": "12/QĐ-UBND",
        "confirm": True,
        **changes,
    }


async def ordered(running: Running, number: int = 1, **changes: Any) -> str:
    reply = await running.client.post("/v1/cases", json=body(number, **changes), headers=WARD)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["person_id"])


async def paper(running: Running, person_id: str, kind: str = "order", who: Any = WARD) -> bytes:
    await running.service.parts["paper_seal"].start()
    reply = await running.client.get(f"/v1/cases/{person_id}/{kind}.pdf", headers=who)
    assert reply.status_code == 200, reply.text
    return bytes(reply.content)


def codes_on(content: bytes) -> list[list[str]]:
    """The codes on each page, as an office printer or a photo of one would have them."""
    pages = [page.render(scale=150 / 72).to_pil() for page in pypdfium2.PdfDocument(content)]
    reader = zxingcpp.BarcodeFormat.QRCode
    return [[code.text for code in zxingcpp.read_barcodes(page, formats=reader)] for page in pages]


def words_on(content: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


async def verdict(running: Running, code: str, who: Any = CHECKPOINT) -> Any:
    reply = await running.client.post("/v1/paper-verifications", json={"code": code}, headers=who)
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.fixture(autouse=True)
async def keys_at_rest(running: Running) -> Any:
    yield
    await running.service.parts["paper_seal"].stop()


async def test_an_order_is_one_page_that_reads_at_150_dots_per_inch_and_names_no_disease(
    running: Running,
) -> None:
    content = await paper(running, await ordered(running))
    [[code]] = codes_on(content)
    assert code.startswith(PREFIX)
    words = words_on(content)
    for said in ("QUYẾT ĐỊNH", "Nguyễn Thị Mẫu B", "02/08/2021", "15/08/2021", "12/QĐ-UBND", "…4001"):
        assert said in words
    for telltale in TELLTALES:
        assert telltale not in words
    found = await verdict(running, code)
    assert (found["verdict"], found["kind"], found["last_day"]) == ("valid", "order", "2021-08-15")
    assert not [word for word in TELLTALES if word in f"{found['title']} {found['message']}"]


async def test_the_same_terms_are_the_same_paper_and_the_file_is_not_changed(running: Running) -> None:
    person_id = await ordered(running)
    before = running.cases.aggregates[person_id].version
    first, second = [codes_on(await paper(running, person_id)) for _ in range(2)]
    assert first == second
    assert len(running.stores.office.papers.rows) == 1  # type: ignore[attr-defined]
    assert running.cases.aggregates[person_id].version == before


async def test_an_order_that_was_moved_verifies_as_changed_and_the_new_one_as_valid(running: Running) -> None:
    person_id = await ordered(running)
    [[old]] = codes_on(await paper(running, person_id))
    longer = {"ends_on": "2021-08-20", "reason_code": "exposed_again", "reason": "Tiếp xúc thêm"}
    await running.client.post(f"/v1/cases/{person_id}/extensions", json=longer, headers=WARD)
    [[new]] = codes_on(await paper(running, person_id))
    assert (await verdict(running, old))["verdict"] == "changed"
    assert (await verdict(running, new))["verdict"] == "valid"


async def test_an_order_given_by_mistake_verifies_as_withdrawn(running: Running) -> None:
    person_id = await ordered(running)
    [[code]] = codes_on(await paper(running, person_id))
    mistake = {"outcome": "wrong_entry", "reason": "Nhập nhầm người"}
    await running.client.post(f"/v1/cases/{person_id}/release", json=mistake, headers=WARD)
    assert (await verdict(running, code))["verdict"] == "withdrawn"
    reply = await running.client.get(f"/v1/cases/{person_id}/order.pdf", headers=WARD)
    assert (reply.status_code, reply.json()["type"]) == (409, "urn:la-chan:problem:no-such-paper")
    running.clock.set(running.clock.now() + timedelta(minutes=5))
    again = await ordered(running, starts_on="2021-08-01")
    assert again == person_id
    assert (await verdict(running, code))["verdict"] == "withdrawn"


async def test_whoever_completed_has_a_certificate_and_nobody_else(running: Running, local: Any) -> None:
    person_id = await ordered(running)
    [[order]] = codes_on(await paper(running, person_id))
    refused = await running.client.get(f"/v1/cases/{person_id}/completion.pdf", headers=WARD)
    assert refused.status_code == 409
    running.clock.set(local("2021-08-16T09:00"))
    done = {"outcome": "completed"}
    assert (
        await running.client.post(f"/v1/cases/{person_id}/release", json=done, headers=WARD)
    ).status_code == 200
    me = bearer("citizen", (), person_id=person_id)
    content = await paper(running, person_id, "completion", me)
    [[code]] = codes_on(content)
    assert not [word for word in TELLTALES if word in words_on(content)]
    found = await verdict(running, code)
    assert (found["verdict"], found["kind"], found["last_day"]) == ("valid", "completion", "2021-08-16")
    assert (await verdict(running, order))["verdict"] == "over"
    stranger = bearer("citizen", (), person_id="psomebodyelse")
    reply = await running.client.get(f"/v1/cases/{person_id}/completion.pdf", headers=stranger)
    assert reply.status_code == 404


async def test_a_communes_selection_is_one_document_of_one_page_each(running: Running) -> None:
    await running.service.parts["paper_seal"].start()
    people = [await ordered(running, n) for n in range(1, 13)]
    wanted = {"kind": "order", "person_ids": people}
    reply = await running.client.post("/v1/papers", json=wanted, headers=DISTRICT)
    assert reply.status_code == 200, reply.text
    found = codes_on(reply.content)
    assert [len(codes) for codes in found] == [1] * 12
    names = [(await verdict(running, codes[0]))["full_name"] for codes in found]
    assert names == [f"Nguyễn Thị Mẫu {chr(65 + n)}" for n in range(1, 13)]
    assert (await running.client.post("/v1/papers", json=wanted, headers=ELSEWHERE)).status_code == 404
    none = await running.client.post("/v1/papers", json=wanted | {"kind": "completion"}, headers=DISTRICT)
    assert none.status_code == 409
    many = wanted | {"person_ids": [f"p{n}" for n in range(401)]}
    assert (await running.client.post("/v1/papers", json=many, headers=DISTRICT)).status_code == 422


async def test_what_was_altered_or_belongs_elsewhere_is_not_believed(running: Running) -> None:
    [[code]] = codes_on(await paper(running, await ordered(running)))
    middle = len(code) // 2
    altered = code[:middle] + ("A" if code[middle] != "A" else "B") + code[middle + 1 :]
    for text in (altered, code[:-3], "TP1:ABC", "https://example.org", "x"):
        found = await verdict(running, text)
        assert (found["verdict"], found["full_name"]) == ("unverifiable", "")
    assert (await running.client.post("/v1/paper-verifications", json={"code": code})).status_code == 401


async def test_a_code_verifies_offline_by_the_published_list_of_keys_and_runs_out(
    running: Running, local: Any
) -> None:
    [[code]] = codes_on(await paper(running, await ordered(running)))
    published = (await running.client.get("/v1/paper-trust-list", headers=CHECKPOINT)).json()
    now = running.clock.now()
    root = VerificationKey(b64decode(published["root"]), now, now, now)
    trusted = trust_list.read(b64decode(published["signed"]), root, now)
    found = quarantine_paper.verify(code, trusted, now)
    assert (found.kind, found.id_tail, found.birth_year) == (Kind.ORDER, "4001", 1990)
    running.clock.set(local("2021-08-16T00:01"))
    assert (await verdict(running, code))["verdict"] == "expired"


async def test_printing_is_noted_for_the_person_to_see(running: Running) -> None:
    person_id = await ordered(running)
    await paper(running, person_id)
    me = bearer("citizen", (), person_id=person_id)
    readings = (await running.client.get("/v1/me/readings", headers=me)).json()["items"]
    assert "In giấy cách ly" in [one["purpose"] for one in readings]
    assert io.BytesIO(await paper(running, person_id, who=me)).read(5) == b"%PDF-"
