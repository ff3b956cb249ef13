"""The officer's office of quarantine in Chromium: a list in, papers out, a code verified, statistics read."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from common.kernel.clock import local_day
from common.service import Mode, Runtime
from common.testing.bus import MemoryBus
from common.testing.sign_in import sample_jwks, sample_settings, token
from quarantine.app import compose
from quarantine.settings import QuarantineSettings
from services.quarantine.tests.conftest import Running
from services.quarantine.tests.memory import memory_stores
from services.quarantine.tests.stay_sheets import answers_in, contact, filled
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured
from tests.browser.serving import Serving, serving

SIZES = pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
STATION = token("health_officer", ("164",), subject="tram-164", name="Trần Mẫu Trạm Trưởng")
OpenPage = Callable[..., Page]


@dataclass
class Served(Serving):
    """The service on memory stores behind a real socket; lists are worked off as in a worker."""

    running: Running


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    settings = sample_settings(QuarantineSettings, drain_seconds=0)
    stores = memory_stores()
    runtime = Runtime(settings, jwks=sample_jwks(), in_memory=True)
    service = compose(runtime, stores, settings)
    app = service.app(Mode.API)
    with serving(app, service.drain) as here:
        made = Running(service, stores, runtime.clock, MemoryBus(), None)  # type: ignore[arg-type]
        job = app.state.parts["stay_list_job"]
        office = Served(here.address, here.loop, made)
        office.do(job.start())
        yield office
        office.do(job.stop())


@pytest.fixture
def opened(served: Served, devices: Devices) -> OpenPage:
    """Open a page signed in as an officer of the city."""

    def open_page(path: str, size: tuple[int, int] = WALL, who: str = STATION) -> Page:
        page = devices.add(who, size=size, accept_downloads=True).new_page()
        page.goto(f"{served.address}{path}")
        page.wait_for_selector(READY)
        return page

    return open_page


def fits(page: Page) -> None:
    """Nothing sticks out to the right, and nothing is inaccessible."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("button", name=name).first.click()
    return Path(started.value.path()).read_bytes()


def people(first: int, count: int) -> list[dict[str, Any]]:
    today = local_day(datetime.now(UTC))
    return [contact(n, exposure=today.strftime("%d/%m/%Y")) for n in range(first, first + count)]


def uploaded(page: Page, tmp_path: Path, rows: list[dict[str, Any]], name: str) -> Any:
    file = tmp_path / name
    file.write_bytes(filled(rows))
    page.set_input_files("#file", file)
    mine = page.locator("li.list").filter(has_text=name)
    expect(mine).to_have_attribute("data-status", "done")
    return mine


@SIZES
def test_a_station_uploads_its_list_reads_the_answers_and_undoes_it(
    opened: OpenPage, tmp_path: Path, size: tuple[int, int]
) -> None:
    page = opened("/danh-sach#lists", size)
    assert openpyxl.load_workbook(io.BytesIO(downloaded(page, "Tải mẫu Excel")))["Danh sách"].max_row >= 4
    rows = people(size[0] * 100, 12)
    rows[4]["paper"] = "12345"
    mine = uploaded(page, tmp_path, rows, f"so-{size[0]}.xlsx")
    expect(mine.locator("[data-count=declared] dd")).to_have_text("11")
    expect(mine.locator("[data-count=wrong] dd")).to_have_text("1")
    with page.expect_download() as started:
        mine.get_by_role("button", name="Tải tệp trả lời").click()
    assert answers_in(Path(started.value.path()).read_bytes())[9][0] == "CẦN SỬA"
    pictured(page, "office-lists")
    fits(page)
    mine.get_by_role("button", name="Hủy cả lần nhập").click()
    mine.get_by_label("Lý do hủy").fill("Nhầm danh sách")
    mine.get_by_role("button", name="Rút quyết định của 11 người").click()
    expect(mine).to_have_attribute("data-status", "undone")
    expect(mine.locator("[data-count=undone] dd")).to_have_text("11")
    expect(mine).to_contain_text("Nhầm danh sách")


@SIZES
def test_orders_are_printed_for_a_selection_and_their_codes_verify(
    opened: OpenPage, tmp_path: Path, size: tuple[int, int]
) -> None:
    page = opened("/danh-sach#lists", size)
    uploaded(page, tmp_path, people(size[0] * 200, 3), f"in-{size[0]}.xlsx")
    page.get_by_role("button", name="In giấy", exact=True).click()
    expect(page.locator(".choose li").first).to_be_visible()
    page.locator("#all").check()
    pictured(page, "office-print")
    fits(page)
    document = pypdfium2.PdfDocument(downloaded(page, "tờ (PDF)"))
    assert len(document) == page.locator(".choose li").count()
    sheet = document[0].render(scale=150 / 72).to_pil()
    [code] = zxingcpp.read_barcodes(sheet, formats=zxingcpp.BarcodeFormat.QRCode)

    verify = opened("/xac-minh-cach-ly", size)
    verify.get_by_label("Mã trên giấy").fill(code.text)
    verify.get_by_role("button", name="Kiểm tra").click()
    expect(verify.locator("[data-verdict=valid]")).to_contain_text("Nguyễn Văn Mẫu")
    pictured(verify, "office-verify")
    fits(verify)
    verify.get_by_label("Mã trên giấy").fill("TP1:ABC")
    verify.get_by_role("button", name="Kiểm tra").click()
    expect(verify.locator("[data-verdict=unverifiable]")).to_contain_text("không phải giấy cách ly")


@SIZES
def test_statistics_are_read_by_commune_and_district_and_taken_along(
    served: Served, opened: OpenPage, tmp_path: Path, size: tuple[int, int]
) -> None:
    page = opened("/danh-sach#lists", size)
    uploaded(page, tmp_path, people(size[0] * 300, 5), f"tk-{size[0]}.xlsx")
    served.do(served.running.relay())
    served.do(served.running.consume())
    stats = opened("/thong-ke", size)
    line = stats.locator("tr[data-area='05434']")
    expect(line).to_contain_text("Phường Quang Vinh")
    active = sum(stored.state.stay.ending is None for stored in served.running.cases.aggregates.values())
    expect(stats.locator("[data-figure=active] dd")).to_contain_text(str(active))
    pictured(stats, "office-stats")
    fits(stats)
    stats.locator("select[name=level]").select_option("district")
    stats.get_by_role("button", name="Xem").click()
    expect(stats.locator("tr[data-area='164']")).to_be_visible()
    assert downloaded(stats, "Tải về CSV").decode("utf-8-sig").splitlines()[1].startswith("164,")
    assert downloaded(stats, "Tải về PDF").startswith(b"%PDF-")
    stats.get_by_role("button", name="English").click()
    expect(stats.get_by_text("In quarantine").first).to_be_visible()


def test_the_case_page_leads_to_lists_and_prints_the_paper_of_one_person(
    opened: OpenPage, tmp_path: Path
) -> None:
    page = opened("/danh-sach#lists")
    uploaded(page, tmp_path, people(900_000, 1), "mot.xlsx")
    cases = opened("/cases")
    cases.get_by_role("button", name="Đang cách ly").click()
    cases.locator(".duty .link").first.click()
    assert downloaded(cases, "In quyết định (PDF)").startswith(b"%PDF-")
    pictured(cases, "office-cases")
    fits(cases)
    cases.get_by_role("link", name="Danh sách, giấy tờ").click()
    cases.wait_for_selector(READY)
    cases.get_by_role("button", name="Xuất danh sách").click()
    content = downloaded(cases, "Tải danh sách (Excel)")
    assert openpyxl.load_workbook(io.BytesIO(content)).active.max_row >= 3
