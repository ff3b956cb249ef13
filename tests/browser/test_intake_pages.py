"""The station's intake and the page on which people say that they tested positive, in Chromium."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
import uvicorn
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from common.contracts.event import Event
from common.contracts.quarantine import Category, ContactBecameF0, Place
from common.kernel.clock import local_day
from common.keys import secret_key
from common.mongo.pseudonyms import Pseudonyms
from common.service import Mode, Runtime
from common.testing.sign_in import bearer, sample_jwks, sample_settings, token
from common.work.model import Cause, Errand
from deploy.local.checkout import free_ports
from f0_monitoring.app import compose
from f0_monitoring.settings import F0MonitoringSettings
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured

stage = import_module("services.f0-monitoring.tests.conftest")
sheets = import_module("services.f0-monitoring.tests.sheets")
SIZES = pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
STATION = token("health_officer", ("164",), subject="tram-164", name="Trần Mẫu Trạm Trưởng")
CCCD, CONTACT = "019190000021", "019190000022"
OpenPage = Callable[..., Page]


@dataclass
class Served:
    """The service on memory stores behind a real socket; jobs and facts move when a test says so."""

    address: str
    loop: asyncio.AbstractEventLoop
    service: Any
    parts: dict[str, Any]
    ids: Pseudonyms

    def do(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    def hears_of(self, person_id: str, test_id: str) -> None:
        """Quarantine says that a contact tested positive."""
        now = datetime.now(UTC)
        data = ContactBecameF0(
            person_id=person_id,
            commune_code="05434",
            district_code="164",
            category=Category.F1,
            place=Place.HOME,
            tested_on=local_day(now),
            test_id=test_id,
            recorded_at=now,
            age_years=32,
            vaccination_doses=2,
        )
        group = next(s for s in self.service.subscriptions if s.group == "f0-monitoring.intake")
        event = Event(test_id, data.type, "", person_id, now, 1, data)
        command = group.translations()[event.type](event)
        self.do(group.work.run_batch([Errand(command, Cause(test_id))]))


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    settings = sample_settings(F0MonitoringSettings)
    runtime = Runtime(settings, jwks=sample_jwks(), in_memory=True)
    service = compose(runtime, stage.memory_stores(), settings)
    app, port = service.app(Mode.API), free_ports().permit
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    thread.start()
    for _ in range(100):
        if server.started:
            break
        threading.Event().wait(0.1)
    ids = Pseudonyms(secret_key(settings.person_key.get_secret_value(), name="person_key"))
    running = Served(f"http://127.0.0.1:{port}", loop, service, app.state.parts, ids)
    job = app.state.parts["list_job"]
    running.do(job.start())
    yield running
    running.do(job.stop())
    server.should_exit = True
    thread.join(10)
    loop.close()


@pytest.fixture
def opened(served: Served, devices: Devices) -> OpenPage:
    """Open a page signed in."""

    def open_page(path: str, who: str, size: tuple[int, int]) -> Page:
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
    return [sheets.ill(n, tested=today.strftime("%d/%m/%Y")) for n in range(first, first + count)]


@SIZES
def test_a_station_uploads_its_list_reads_the_answers_and_undoes_it(
    opened: OpenPage, tmp_path: Path, size: tuple[int, int]
) -> None:
    page = opened("/intake#lists", STATION, size)
    empty = downloaded(page, "Tải mẫu Excel")
    rows = people(size[0] * 100, 30)
    rows[4]["paper"] = "12345"
    file = tmp_path / f"so-f0-{size[0]}.xlsx"
    file.write_bytes(sheets.filled(rows, empty))
    page.set_input_files("#file", file)
    mine = page.locator("li.list").filter(has_text=file.name)
    expect(mine).to_have_attribute("data-status", "done")
    expect(mine.locator("[data-count=declared] dd")).to_have_text("29")
    expect(mine.locator("[data-count=wrong] dd")).to_have_text("1")
    with page.expect_download() as started:
        mine.get_by_role("button", name="Tải tệp trả lời").click()
    told = sheets.answers_in(Path(started.value.path()).read_bytes())
    assert told[9][0] == "CẦN SỬA"
    fits(page)

    mine.get_by_role("button", name="Hủy cả lần nhập").click()
    mine.get_by_label("Lý do hủy").fill("Nhầm tệp của xã khác")
    mine.get_by_role("button", name="Hủy hồ sơ của 29 người").click()
    expect(mine).to_have_attribute("data-status", "undone")
    expect(mine.locator("[data-count=undone] dd")).to_have_text("29")
    expect(mine).to_contain_text("Nhầm tệp của xã khác")
    fits(page)


def test_a_file_that_is_no_list_says_what_to_do(opened: OpenPage, tmp_path: Path) -> None:
    page = opened("/intake#lists", STATION, PHONE)
    file = tmp_path / "anh.xlsx"
    file.write_bytes(b"no sheet")
    page.set_input_files("#file", file)
    expect(page.get_by_role("alert")).to_contain_text("không phải tệp Excel")


@SIZES
def test_somebody_says_so_the_station_sees_the_picture_and_answers(
    served: Served, opened: OpenPage, tmp_path: Path, size: tuple[int, int]
) -> None:
    cccd = f"0191900{size[0]:05d}"
    person_id = served.ids.person_id(cccd)
    page = opened("/tu-khai", token("citizen", (), person_id=person_id), size)
    picture = tmp_path / "que-thu.png"
    Image.new("RGB", (2000, 1500), (250, 240, 240)).save(picture)
    page.set_input_files("input[type=file]", picture)
    page.get_by_label("Họ và tên").fill("Lê Thị Mẫu Hồng")
    page.get_by_label("Số CCCD").fill(cccd)
    page.get_by_label("Năm sinh").fill("1990")
    page.get_by_label("Số nhà, thôn, tổ").fill("Tổ 7")
    page.get_by_text("Bệnh nền", exact=True).click()
    page.get_by_label("Tăng huyết áp").check()
    page.get_by_label("Huyện, thành phố").select_option("164")
    page.locator("[name=commune_code]").select_option("05434")
    fits(page)
    page.get_by_role("button", name="Gửi cho trạm y tế").click()
    expect(page.locator("#sent")).to_contain_text("Đang chờ trạm")
    fits(page)

    station = opened("/intake#queue", STATION, size)
    waits = station.locator(f"#declared-{person_id}")
    expect(waits).to_contain_text("Lê Thị Mẫu Hồng")
    expect(waits).to_contain_text("Tăng huyết áp")
    waits.get_by_role("button", name="Xem ảnh que thử").click()
    expect(waits.locator("img")).to_be_visible()
    assert waits.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1280
    fits(station)
    waits.get_by_role("button", name="Từ chối").click()
    waits.get_by_label("Lý do").fill("Ảnh chỉ có một vạch, hãy test lại")
    waits.get_by_role("button", name="Gửi từ chối").click()
    expect(waits).to_have_count(0)
    page.reload()
    expect(page.locator("#sent")).to_contain_text("Ảnh chỉ có một vạch, hãy test lại")


@SIZES
def test_a_record_from_quarantine_gets_its_name(
    served: Served, opened: OpenPage, size: tuple[int, int]
) -> None:
    cccd = f"0191901{size[0]:05d}"
    person_id = served.ids.person_id(cccd)
    served.hears_of(person_id, f"test-{size[0]}")
    page = opened("/intake#nameless", STATION, size)
    waits = page.locator(f"#nameless-{person_id}")
    waits.get_by_role("button", name="Bổ sung").click()
    waits.get_by_label("Họ và tên").fill("Vũ Thị Mẫu Lan")
    waits.get_by_label("Số CCCD").fill(f"0191902{size[0]:05d}")
    waits.get_by_label("Năm sinh").fill("1990")
    waits.get_by_label("Số nhà, thôn, tổ").fill("Tổ 2")
    fits(page)
    waits.get_by_role("button", name="Lưu").click()
    expect(waits.get_by_role("alert")).to_contain_text("không khớp")
    waits.get_by_label("Số CCCD").fill(cccd)
    waits.get_by_role("button", name="Lưu").click()
    expect(waits).to_have_count(0)
    record = httpx.get(
        f"{served.address}/v1/patients/{person_id}", headers=bearer("health_officer", ("164",)), timeout=20
    )
    assert record.json()["person"]["full_name"] == "Vũ Thị Mẫu Lan"
    assert record.json()["declared_at"] > (datetime.now(UTC) - timedelta(hours=1)).isoformat()


@SIZES
def test_care_ends_by_the_rule_and_the_printed_code_verifies_at_a_checkpoint(
    served: Served, opened: OpenPage, size: tuple[int, int]
) -> None:
    today = local_day(datetime.now(UTC))
    body = {
        "person": {
            "full_name": "Đỗ Thị Mẫu",
            "cccd": f"0191903{size[0]:05d}",
            "birth_year": 1990,
            "sex": "female",
        },
        "commune_code": "05434",
        "address": "Tổ 3",
        "tested_on": (today - timedelta(days=8)).isoformat(),
        "vaccination_doses": 2,
    }
    officer = bearer("health_officer", ("164",))
    reply = httpx.post(f"{served.address}/v1/patients", json=body, headers=officer, timeout=20)
    person_id = reply.json()["person_id"]
    page = opened("/intake#ending", STATION, size)
    one = page.locator(f"#ending-{person_id}")
    expect(one).to_contain_text("Cần xét nghiệm âm tính")
    fits(page)
    one.get_by_label("Nhân viên y tế").check()
    one.get_by_role("button", name="Âm tính").click()
    with page.expect_download() as started:
        one.get_by_role("button", name="In giấy xác nhận").click()
    sheet = pypdfium2.PdfDocument(Path(started.value.path()).read_bytes())[0].render(scale=3).to_pil()
    code = zxingcpp.read_barcodes(sheet)[0].text

    post = opened("/xac-minh", token("checkpoint_officer", ("19",), name="Trần Mẫu Chốt"), size)
    post.get_by_label("Mã trên giấy").fill(code)
    post.keyboard.press("Enter")
    said = post.locator("[data-verdict]")
    expect(said).to_have_attribute("data-verdict", "valid")
    expect(said).to_contain_text("Đỗ Thị Mẫu")
    fits(post)
    post.get_by_label("Mã trên giấy").fill(code[:-4] + "AAAA")
    post.keyboard.press("Enter")
    expect(said).to_have_attribute("data-verdict", "unverifiable")

    one.get_by_role("button", name="Giấy cấp sai?").click()
    one.get_by_label("Vì sao giấy cấp sai").fill("Nhầm với người trùng tên")
    fits(page)
    pictured(page, "revoke")
    one.get_by_role("button", name="Thu hồi giấy", exact=True).click()
    expect(one).to_contain_text("Giấy đã bị thu hồi")
    post.get_by_label("Mã trên giấy").fill(code)
    post.keyboard.press("Enter")
    expect(said).to_have_attribute("data-verdict", "revoked")
    expect(said).to_contain_text("GIẤY ĐÃ BỊ THU HỒI")
    expect(said).not_to_contain_text("Đỗ Thị Mẫu")
    fits(post)
    pictured(post, "revoked")
