"""The pages of employers, of the officer who confirms them, and of holders, in Chromium."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from common.clocks import SystemClock
from common.kernel.clock import local_day
from common.testing.sign_in import bearer, token
from services.permit.tests.conftest import FIRM
from services.permit.tests.sheets import answers_in, filled, worker
from tests.browser.devices import PHONE, READY, WALL, Devices
from tests.browser.test_permit_pages import PERSON, Served, served

__all__ = ["served"]
OpenPage = Callable[..., Page]
SIZES = pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])


@pytest.fixture
def opened(served: Served, devices: Devices) -> OpenPage:
    """Open a page signed in."""

    def open_page(path: str, who: str, size: tuple[int, int]) -> Page:
        page = devices.add(who, size=size, accept_downloads=True).new_page()
        page.goto(f"{served.address}{path}")
        page.wait_for_selector(READY)
        return page

    return open_page


def staff(number: int, **changes: Any) -> dict[str, Any]:
    """Somebody who may travel from today."""
    today = local_day(SystemClock().now())
    days = {"from": today.strftime("%d/%m/%Y"), "until": (today + timedelta(days=2)).strftime("%d/%m/%Y")}
    return worker(number, **{**days, **changes})


def fits(page: Page) -> None:
    """Nothing sticks out to the right, and nothing is inaccessible."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("button", name=name).first.click()
    return Path(started.value.path()).read_bytes()


@SIZES
def test_an_employer_registers_fills_the_template_mends_it_and_prints(
    served: Served, opened: OpenPage, tmp_path: Path, size: tuple[int, int]
) -> None:
    subject = f"cong-ty-{size[0]}"
    page = opened("/employer", token("employer", (), subject=subject, name="Phạm Thị Mẫu"), size)
    for name in ("name", "tax_code", "address", "contact_name", "contact_phone"):
        page.locator(f"#firm [name={name}]").fill(FIRM[name])
    page.get_by_label("Huyện, thành phố").select_option("164")
    page.locator("#firm [name=commune_code]").select_option("05434")
    page.get_by_role("button", name="Gửi đăng ký").click()
    expect(page.locator("#firm .tag")).to_have_text("Chờ xác nhận")

    officer = opened("/firms", token("permit_officer", ("164",)), size)
    card = officer.locator("article").first
    expect(card.locator("h2")).to_have_text(FIRM["name"])
    fits(officer)
    card.get_by_role("button", name="Xác nhận").click()
    expect(officer.get_by_text("Không có doanh nghiệp nào ở mục này")).to_be_visible()
    page.reload()
    expect(page.locator("#firm .tag")).to_have_text("Đã xác nhận")

    empty = downloaded(page, "Tải mẫu Excel")
    base = 1000 * size[0]
    rows = [staff(base % 500_000 + n) for n in range(250)]
    rows[3] = staff(base % 500_000 + 3, paper="12345")
    file = tmp_path / "danh-sach.xlsx"
    file.write_bytes(filled(rows, empty))
    page.locator("#file").set_input_files(file)
    bar = page.locator("#lists progress").first
    expect(bar).to_have_attribute("value", "1")
    assert served.do(served.works["import_job"].round()) == 1
    expect(bar).to_have_attribute("value", "199")
    fits(page)
    assert served.do(served.works["import_job"].round()) == 1
    shown = page.locator("#lists .list").first
    expect(shown).to_have_attribute("data-status", "done")
    expect(shown.locator("[data-count=issued] dd")).to_have_text("249")
    expect(shown.locator("[data-count=wrong] dd")).to_have_text("1")

    answered = downloaded(page, "Tải tệp trả lời")
    answers = answers_in(answered)
    assert len(answers) == 250
    assert [row for row, answer in answers.items() if answer[0] == "CẦN SỬA"] == ["8"]
    book = openpyxl.load_workbook(io.BytesIO(answered))
    book.worksheets[0]["C8"] = f"019084{base % 500_000 + 3:06d}"
    book.save(file)
    page.locator("#file").set_input_files(file)
    expect(page.locator("#lists .list")).to_have_count(2)
    while served.do(served.works["import_job"].round()):
        pass
    newest = page.locator("#lists .list").first
    expect(newest.locator("[data-count=repeated] dd")).to_have_text("249")
    expect(newest.locator("[data-count=issued] dd")).to_have_text("1")
    fits(page)


def test_a_file_that_is_no_list_is_told_on_the_page(served: Served, opened: OpenPage, tmp_path: Path) -> None:
    headers = bearer("employer", (), subject="cong-ty-khac")
    httpx.put(f"{served.address}/v1/my/firm", json=FIRM, headers=headers, timeout=20)
    page = opened("/employer", token("employer", (), subject="cong-ty-khac"), PHONE)
    file = tmp_path / "anh.xlsx"
    file.write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 100)
    page.locator("#file").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("Lưu thành")


@SIZES
def test_a_holder_applies_shows_the_code_without_a_network_and_gives_it_back(
    served: Served, opened: OpenPage, size: tuple[int, int]
) -> None:
    number = f"019084{500_000 + size[0]:06d}"
    person_id = str(served.works["desk"]._runtime.pseudonyms.person_id(number))
    page = opened("/my-permits", token("citizen", (), person_id=person_id, name="Nguyễn Văn Mẫu"), size)
    expect(page.get_by_text("Bạn chưa có giấy nào")).to_be_visible()
    fits(page)
    page.locator("#new").click()
    page.locator("[name=category]").select_option("medical-visit")
    page.locator("[name=purpose]").fill("Đi khám định kỳ")
    page.get_by_label("Huyện, thành phố").select_option("164")
    page.locator("[name=commune]").select_option("05434")
    expect(page.locator("[name=areas]:checked")).to_have_count(1)
    for hour in ("from", "to"):
        page.locator(f"[name={hour}]").fill("")  # at any hour, as the test may run at night
    page.locator("[name=cccd]").fill(number)
    page.locator("[name=birth-year]").fill("1984")
    page.locator("[name=with]").fill("Trần Thị Mẫu, Lê Văn Mẫu")
    fits(page)
    page.get_by_role("button", name="Nộp, có kết quả ngay").click()
    permit = page.locator("article.permit").first
    expect(permit).to_have_attribute("data-status", "issued")
    expect(permit).to_contain_text("Trần Thị Mẫu, Lê Văn Mẫu")
    assert downloaded(page, "Tải bản in").startswith(b"%PDF")
    assert downloaded(page, "Tải thẻ bỏ ví").startswith(b"%PDF")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")

    scan(served, person_id)
    page.reload()
    expect(page.locator("#scans")).to_contain_text("Chốt thai-nguyen")
    expect(page.locator("#scans")).to_contain_text("Được qua")
    fits(page)

    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("Không có mạng")).to_be_visible()
    page.get_by_role("button", name="Mở mã QR to").click()
    code = page.locator("#code img")
    expect(code).to_be_visible()
    picture = Image.open(io.BytesIO(code.screenshot()))
    assert zxingcpp.read_barcode(picture).text.startswith("TP1:")
    page.locator("#code").get_by_role("button").click()

    page.context.set_offline(False)
    page.reload()
    page.get_by_role("button", name="Hủy giấy").first.click()
    page.locator("dialog").get_by_role("button", name="Hủy giấy").click()
    expect(permit).to_have_attribute("data-status", "revoked")
    expect(page.get_by_text("Vì sao?")).to_be_visible()


def scan(served: Served, person_id: str) -> None:
    headers = bearer("citizen", (), person_id=person_id)
    permits = httpx.get(f"{served.address}/v1/permits", headers=headers, timeout=20).json()["items"]
    body = {
        "qr": permits[0]["qr"],
        "checkpoint_id": "thai-nguyen",
        "scanned_at": datetime.now(UTC).isoformat(),
    }
    reply = httpx.post(
        f"{served.address}/v1/verifications", json=body, headers=bearer("checkpoint_officer"), timeout=20
    )
    assert reply.status_code == 200
    assert PERSON["full_name"]


def test_a_holder_asks_why_appeals_and_reads_the_answer(served: Served, opened: OpenPage) -> None:
    number = "019084555666"
    permit = served.permit(person={**PERSON, "cccd": number})
    path = f"{served.address}/v1/permits/{permit['permit_id']}"
    reason = {"reason": "Biển số xe chưa khớp với đăng ký"}
    assert httpx.post(f"{path}/suspension", json=reason, headers=bearer("permit_officer")).status_code == 200
    me = token("citizen", (), person_id=permit["person_id"], name="Nguyễn Văn Mẫu")
    page = opened("/my-permits", me, PHONE)
    page.get_by_text("Vì sao?").click()
    expect(page.get_by_text(reason["reason"])).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Khiếu nại").click()
    page.locator("dialog textarea").fill("Xe này tôi mới đổi biển, có giấy hẹn của công an")
    fits(page)
    page.locator("dialog").get_by_role("button", name="Gửi").click()
    expect(page.get_by_text("Đã gửi khiếu nại")).to_be_visible()
    expect(page.get_by_role("button", name="Khiếu nại")).to_have_count(0)

    higher = bearer("permit_officer", ("164",), subject="can-bo-khac")
    [waiting] = httpx.get(f"{served.address}/v1/appeals", headers=higher).json()["items"]
    answer = {"verdict": "overturned", "reason": "Đã đối chiếu giấy hẹn, giấy dùng lại được"}
    appeal = f"{path}/appeals/{waiting['appeal']['appeal_id']}/answer"
    assert httpx.post(appeal, json=answer, headers=higher).status_code == 200
    page.reload()
    expect(page.locator("article.permit")).to_have_attribute("data-status", "issued")
