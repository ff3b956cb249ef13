"""An employer's lists through the HTTP door: register, be confirmed, upload, mend, upload again."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pypdfium2
import pytest
import zxingcpp

from common.testing.sign_in import bearer
from common.work.model import Cause
from permit.domain.commands import NoteStanding
from permit.domain.errors import InvalidTaxCode
from permit.domain.firms import normal_tax_code
from permit.domain.model import Source
from permit.views.workbook.writing import TYPE
from services.permit.tests.conftest import Province, application_body
from services.permit.tests.sheets import answers_in, filled, worker

BOSS = "cong-ty-mau"


async def confirmed(province: Province) -> None:
    await province.put("/v1/directives/19", {"directive": "16", "document": "Công văn mẫu"})
    await province.confirmed_firm(BOSS)


async def upload(province: Province, data: bytes, key: str = "", subject: str = BOSS) -> Any:
    headers = bearer("employer", (), subject=subject) | {"Content-Type": TYPE}
    if key:
        headers["Idempotency-Key"] = key
    return await province.client.post(
        "/v1/staff-lists?file_name=danh-sach.xlsx", content=data, headers=headers
    )


async def worked_off(province: Province) -> int:
    rounds = 0
    while await province.app.state.parts["import_job"].round():
        rounds += 1
    return rounds


async def answered(province: Province, list_id: str) -> bytes:
    reply = await province.get(f"/v1/staff-lists/{list_id}/answers.xlsx", "employer", (), subject=BOSS)
    assert reply.status_code == 200, reply.text
    return bytes(reply.content)


async def show(province: Province, list_id: str) -> Any:
    return (await province.get(f"/v1/staff-lists/{list_id}", "employer", (), subject=BOSS)).json()


async def test_a_list_is_answered_row_by_row_and_a_corrected_one_doubles_nothing(province: Province) -> None:
    await confirmed(province)
    rows = [worker(n) for n in range(1, 421)]
    rows[9] = worker(10, paper="12345")
    rows[19] = worker(20, until="30/01/2022")
    reply = await upload(province, filled(rows))
    assert reply.status_code == 202, reply.text
    first = reply.json()
    assert (first["status"], first["rows"], first["done"]) == ("working", 420, 1)
    assert await worked_off(province) == 3
    done = await show(province, first["list_id"])
    assert (done["status"], done["done"]) == ("done", 420)
    assert (done["counts"]["issued"], done["counts"]["wrong"]) == (418, 2)
    answers = answers_in(await answered(province, first["list_id"]))
    assert len(answers) == 420
    assert answers["14"][0] == "CẦN SỬA"
    assert "5 chữ số" in answers["14"][2]
    assert "72 giờ" in answers["24"][2]
    assert len({number for _, number, _ in answers.values() if number}) == 418
    facts = len(province.facts("holders"))

    province.clock.move(timedelta(minutes=5))
    book = openpyxl.load_workbook(io.BytesIO(await answered(province, first["list_id"])))
    sheet = book.worksheets[0]
    sheet["C14"], sheet["Q24"] = "019084000010", "17/01/2022"
    mended = io.BytesIO()
    book.save(mended)
    second = (await upload(province, mended.getvalue())).json()
    await worked_off(province)
    done = await show(province, second["list_id"])
    assert (done["counts"]["issued"], done["counts"]["repeated"], done["counts"]["wrong"]) == (2, 418, 0)
    assert len(province.facts("holders")) == facts + 2
    again = answers_in(await answered(province, second["list_id"]))
    assert again["5"][1] == answers["5"][1]
    assert "đã có giấy" in again["5"][2]


@pytest.mark.parametrize("were_kept", [False, True], ids=["before-the-answers", "before-the-tally"])
async def test_a_page_that_is_done_twice_doubles_nothing(province: Province, were_kept: bool) -> None:
    await confirmed(province)
    list_id = (await upload(province, filled([worker(1), worker(2)]))).json()["list_id"]
    job, lists = province.app.state.parts["import_job"], province.stores.staff_lists
    staff_list = await lists.of_id(list_id)
    [page] = await lists.pages(list_id, 0, 1)
    answers = await job._answered(staff_list, page)  # killed before anything of it was noted
    assert {answer["outcome"] for answer in answers} == {"issued"}
    if were_kept:
        await lists.keep_pages([page.answered(staff_list.status, answers)])
    await worked_off(province)
    assert (await show(province, list_id))["counts"]["issued"] == 2
    assert len(province.facts("holders")) == 2


async def test_the_same_upload_twice_is_one_list(province: Province) -> None:
    await confirmed(province)
    data = filled([worker(1)])
    first = await upload(province, data, key="mot-khoa-lap-lai")
    second = await upload(province, data, key="mot-khoa-lap-lai")
    assert first.json()["list_id"] == second.json()["list_id"]
    mine = (await province.get("/v1/staff-lists", "employer", (), subject=BOSS)).json()
    assert len(mine["items"]) == 1


async def test_a_list_waits_until_an_officer_confirmed_the_firm(province: Province) -> None:
    await province.put("/v1/directives/19", {"directive": "16", "document": "Công văn mẫu"})
    firm = (await province.register_firm(BOSS)).json()
    waiting = (await upload(province, filled([worker(1), worker(2, name="")]))).json()
    assert (waiting["status"], waiting["counts"]["wrong"], waiting["counts"]["ready"]) == ("waiting", 1, 1)
    assert await worked_off(province) == 0
    path = f"/v1/firms/{firm['firm_id']}/confirmation"
    assert (
        await province.post(path, {"outcome": "confirmed"}, "permit_officer", ("172",))
    ).status_code == 403
    queue = await province.get("/v1/firms?status=registered", "permit_officer", ("164",))
    assert [one["firm_id"] for one in queue.json()["items"]] == [firm["firm_id"]]
    await province.post(path, {"outcome": "confirmed"}, "permit_officer", ("164",))
    await worked_off(province)
    assert (await show(province, waiting["list_id"]))["counts"]["issued"] == 1


async def test_no_machine_approves_on_the_word_of_a_firm_that_nobody_confirmed(province: Province) -> None:
    await province.put("/v1/directives/19", {"directive": "16", "document": "Công văn mẫu"})
    single = await province.post("/v1/permits", application_body(), "employer", subject=BOSS)
    assert single.json()["status"] == "queued"
    assert "chưa được cán bộ" in single.json()["message"]


async def test_a_new_name_or_tax_code_is_confirmed_anew_and_a_new_phone_is_not(province: Province) -> None:
    await confirmed(province)
    assert (await province.register_firm(BOSS, contact_phone="0987654321")).json()["status"] == "confirmed"
    assert (await province.register_firm(BOSS, name="Công ty Khác Mẫu")).json()["status"] == "registered"


async def test_without_a_firm_there_is_no_list_and_a_bad_file_leaves_nothing(province: Province) -> None:
    assert (await upload(province, filled([worker(1)]))).json()["type"].endswith("firm-not-registered")
    await confirmed(province)
    for data in (b"x", b"\xd0\xcf\x11\xe0", b""):
        refused = await upload(province, data)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "file")
    assert (await upload(province, b"x" * 6_100_000)).status_code == 413
    assert province.stores.staff_lists.kept == {}
    assert province.stores.staff_lists.aggregates == {}


async def test_nothing_of_a_list_is_kept_in_clear(province: Province) -> None:
    await confirmed(province)
    await upload(province, filled([worker(1, phone="0912345678")]))
    await worked_off(province)
    kept = repr((province.stores.staff_lists.kept, province.stores.staff_lists.aggregates))
    kept += repr(province.stores.firms.aggregates)
    for secret in ("Nguyễn Văn", "Phạm Thị", "019084000001", "0912345678", "Đi làm ca sáng"):
        assert secret not in kept


async def test_another_employer_sees_nothing_of_it(province: Province) -> None:
    await confirmed(province)
    list_id = (await upload(province, filled([worker(1)]))).json()["list_id"]
    await worked_off(province)
    for end in ("", "/answers.xlsx", "/permits.pdf", "/cards.pdf"):
        address = f"/v1/staff-lists/{list_id}{end}"
        assert (await province.get(address, "employer", (), subject=BOSS)).status_code == 200
        assert (await province.get(address, "employer", (), subject="cong-ty-khac")).status_code == 404
    assert (await province.get("/v1/staff-lists", "employer", (), subject="khac")).json()["items"] == []
    mine = await province.get("/v1/permits", "employer", (), subject=BOSS)
    assert len(mine.json()["items"]) == 1


async def test_a_barred_person_gets_no_permit_and_the_employer_no_reason(province: Province) -> None:
    await confirmed(province)
    person_id = str(province.runtime.pseudonyms.person_id("019084000001"))
    command = NoteStanding(person_id, Source.F0, is_barred=True, sequence=1)
    await province.app.state.parts["holders"].run(command, Cause("f0-mau"))
    list_id = (await upload(province, filled([worker(1)]))).json()["list_id"]
    await worked_off(province)
    word, _, note = answers_in(await answered(province, list_id))["5"]
    assert word == "Không cấp"
    assert not any(bad in note.lower() for bad in ("f0", "covid", "cách ly", "bệnh", "dịch"))


async def test_the_papers_of_a_list_read_at_150_dots_per_inch(province: Province) -> None:
    await confirmed(province)
    list_id = (await upload(province, filled([worker(n) for n in range(1, 13)]))).json()["list_id"]
    await worked_off(province)
    for kind, pages, codes in (("permits", 12, 24), ("cards", 2, 12)):
        reply = await province.get(f"/v1/staff-lists/{list_id}/{kind}.pdf", "employer", (), subject=BOSS)
        images = rasterised(reply.content)
        assert len(images) == pages
        found = [
            code.text
            for image in images
            for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
        ]
        assert len(found) == codes
        assert len(set(found)) == 12
        assert all(text.startswith("TP1:") for text in found)


def rasterised(content: bytes) -> list[Any]:
    """The pages as an office printer or a photo of one would have them."""
    return [page.render(scale=150 / 72).to_pil() for page in pypdfium2.PdfDocument(content)]


@pytest.mark.parametrize("typed", ["4600123459", "4600 123 459", "4600123459-001", "019084000999"])
def test_tax_codes_are_taken_as_written(typed: str) -> None:
    assert normal_tax_code(typed).isdigit()


@pytest.mark.parametrize("typed", ["4600123456", "460012345", "abc", "", "４６００１２３４５９"])
def test_tax_codes_that_cannot_be_are_refused(typed: str) -> None:
    with pytest.raises(InvalidTaxCode):
        normal_tax_code(typed)
