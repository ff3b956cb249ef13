"""The page of stations and facilities, and the transfer on the doctor's record, in Chromium."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import httpx
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from common.clocks import SystemClock
from common.geo import Units
from common.kernel.clock import local_day
from common.service import Mode, Runtime
from common.testing.sign_in import bearer, sample_jwks, sample_settings, token
from deploy.local import places
from deploy.local.checkout import free_ports
from f0_monitoring.app import compose
from f0_monitoring.settings import F0MonitoringSettings
from tests.browser.devices import PHONE, READY, WALL, Devices

stage = import_module("services.f0-monitoring.tests.conftest")
memory = import_module("services.f0-monitoring.tests.facility_memory")
SIZES = pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
PROVINCE = token("health_officer", ("19",), subject="syt-19", name="Lê Mẫu Sở Y Tế")
STATION = token("health_officer", ("05434",), subject="tram-05434", name="Trần Mẫu Trạm Trưởng")
DOCTOR = token("doctor", ("164",), subject="dr-1", name="BS. Nguyễn Mẫu")
OpenPage = Callable[..., Page]


@dataclass
class Served:
    """The service on memory stores behind a real socket; facts move when a test says so."""

    address: str
    loop: asyncio.AbstractEventLoop
    bus: Any
    numbered: int = 0

    def settle(self) -> None:
        asyncio.run_coroutine_threadsafe(self.bus.settle(), self.loop).result(30)

    def send(self, method: str, path: str, body: Any, by: Any) -> Any:
        reply = httpx.request(method, f"{self.address}{path}", json=body, headers=by, timeout=30)
        assert reply.is_success, reply.text
        return reply.json()

    def somebody(self, name: str) -> str:
        """Declare somebody at home; return the person id."""
        self.numbered += 1
        body = {
            "person": {
                "full_name": name,
                "cccd": f"0191900{self.numbered:05}",
                "phone": "0912345678",
                "birth_year": 1990,
                "sex": "female",
            },
            "commune_code": "05434",
            "address": "Tổ 1",
            "tested_on": local_day(SystemClock().now()).isoformat(),
            "vaccination_doses": 2,
        }
        person_id = self.send("POST", "/v1/patients", body, bearer("administrator"))["person_id"]
        return str(person_id)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    settings = sample_settings(F0MonitoringSettings)
    runtime = Runtime(settings, jwks=sample_jwks(), in_memory=True)
    stores = stage.memory_stores()
    service = compose(runtime, stores, settings)
    app, port = service.app(Mode.API), free_ports().permit
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        threading.Event().wait(0.1)
    running = Served(f"http://127.0.0.1:{port}", loop, memory.Bus(service, stores))
    admin = bearer("administrator")
    for facility_id, body in list(places.facilities(Units.load(), "164"))[:9]:
        running.send("PUT", f"/v1/facilities/{facility_id}", body, admin)
    for facility_id, lines in (*places.stocks(), ("tram-05434", places.station_stock(1))):
        running.send("POST", f"/v1/facilities/{facility_id}/stock", {"lines": lines}, admin)
    yield running
    server.should_exit = True
    thread.join(10)
    loop.close()


@pytest.fixture
def opened(served: Served, devices: Devices) -> OpenPage:
    """Open a page signed in."""

    def open_page(path: str, who: str, size: tuple[int, int]) -> Page:
        page = devices.add(who, size=size).new_page()
        page.goto(f"{served.address}{path}")
        page.wait_for_selector(READY)
        return page

    return open_page


def fits(page: Page) -> None:
    """Nothing sticks out to the right, and nothing is inaccessible."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@SIZES
def test_a_doctor_asks_for_a_bed_a_hospital_keeps_one_and_the_patient_comes(
    served: Served, opened: OpenPage, size: tuple[int, int]
) -> None:
    name = f"Nguyễn Thị Mẫu {'Điện Thoại' if size == PHONE else 'Màn Hình'}"
    person_id = served.somebody(name)
    doctor = opened(f"/doctor?person={person_id}", DOCTOR, size)
    card = doctor.locator("#transfer")
    card.get_by_role("button", name="Xin giường").click()
    form = doctor.locator("#ask-transfer")
    form.get_by_label("Tầng điều trị").select_option("3")
    form.get_by_label("Loại giường").select_option("icu")
    form.get_by_label("Cấp cứu").check()
    form.get_by_role("button", name="Xin giường").click()
    expect(card).to_have_attribute("data-state", "requested")

    hospital = opened("/co-so", PROVINCE, size)
    one = hospital.locator(f"#transfer-{person_id}")
    expect(one).to_contain_text("CẤP CỨU")
    expect(one.get_by_label("Giữ giường ở")).to_contain_text("Bệnh viện tầng 3")
    fits(hospital)
    one.get_by_role("button", name="Nhận, giữ giường").click()
    expect(one).to_have_attribute("data-state", "accepted")
    served.settle()
    one.get_by_role("button", name="Đã lên đường").click()
    expect(one).to_have_attribute("data-state", "under_way")
    served.settle()

    expect(card).to_have_attribute("data-state", "under_way", timeout=15_000)
    card.get_by_role("button", name="Đã đến nơi").click()
    expect(card).to_have_attribute("data-state", "arrived")
    served.settle()

    hospital.get_by_role("button", name="Giường", exact=True).click()
    icu = hospital.locator("#beds-bv-tang-3-thai-nguyen tr[data-kind=icu] td")
    came = 1 if size == PHONE else 2
    expect(icu.nth(0)).to_have_text(str(4 - came), timeout=15_000)
    expect(icu.nth(2)).to_have_text(str(26 + came))
    fits(hospital)


@SIZES
def test_a_station_reports_its_oxygen_and_asks_for_more(
    served: Served, opened: OpenPage, size: tuple[int, int]
) -> None:
    page = opened("/co-so#stock", STATION, size)
    place = page.locator("#stock-tram-05434")
    place.get_by_role("button", name="Báo vật tư").click()
    place.get_by_label("Oxy: Còn lại").fill("1500")
    place.get_by_label("Oxy: Dùng mỗi ngày").fill("6000")
    fits(page)
    place.get_by_role("button", name="Ghi lại").click()
    expect(place.locator("li[data-item=oxygen] b")).to_contain_text("còn 6 giờ")
    place.get_by_role("button", name="Đề nghị chi viện").click()
    place.get_by_label("Oxy", exact=True).fill("60000")
    place.get_by_label("Khẩn").check()
    place.get_by_role("button", name="Gửi đề nghị").click()

    above = opened("/co-so#requests", PROVINCE, size)
    request = above.locator("article[data-state=asked]").first
    request.get_by_label("Oxy").fill("42000")
    fits(above)
    request.get_by_role("button", name="Duyệt", exact=True).click()
    above.locator("article[data-state=approved]").first.get_by_role("button", name="Đã gửi").click()
    page.get_by_role("button", name="Đề nghị chi viện").first.click()
    page.locator("article[data-state=sent]").first.get_by_role("button", name="Đã nhận").click(timeout=15_000)
    served.settle()
    page.get_by_role("button", name="Oxy, vật tư").click()
    expect(place.locator("li[data-item=oxygen] small").first).to_contain_text(
        re.compile(r"43\.(500|4\d\d)"), timeout=15_000
    )


@SIZES
def test_beds_in_use_cannot_be_counted_away_and_the_page_says_why(
    opened: OpenPage, size: tuple[int, int]
) -> None:
    page = opened("/co-so#beds", PROVINCE, size)
    place = page.locator("#beds-bv-tang-2-song-cong")
    place.get_by_role("button", name="Đếm lại giường").click()
    place.get_by_label("giường oxy: Tổng").fill("3")
    place.get_by_role("button", name="Ghi lại").click()
    expect(place.get_by_role("alert")).to_contain_text("không ghi 3 giường được")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Beds", exact=True)).to_be_visible()
    fits(page)
