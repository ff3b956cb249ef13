"""The page of the risk rules in Chromium: read and printed, tried out on open records, one decision explained."""

import asyncio
import importlib
import os
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from common.clocks import FrozenClock
from common.kernel.areas import Actor, Area
from common.service import Mode, Runtime
from common.testing.sign_in import sample_jwks, sample_settings, token
from common.work.model import Cause
from deploy.local.checkout import free_ports
from f0_monitoring.app import compose
from f0_monitoring.domain.commands import AssessReport, DeclarePatient
from f0_monitoring.domain.model import DeclaredBy, Origin, Profile, Report, Vitals
from f0_monitoring.settings import F0MonitoringSettings
from tests.browser.devices import PHONE, WALL, Devices

memory = importlib.import_module("services.f0-monitoring.tests.conftest")
OFFICER = Actor("cb-164", frozenset({"health_officer"}), frozenset({"164"}))
NOW = memory.local(10, 15, 30)
NAMES = ("Mẫu An", "Mẫu Bình", "Mẫu Chi", "Mẫu Dung", "Mẫu Em")
CHILD = Profile(age_months=9 * 12, vaccination_doses=2)
ADULT = Profile(age_months=30 * 12, vaccination_doses=2)


@dataclass
class Served:
    """The service on memory stores behind a real socket, at a standing clock."""

    address: str
    loop: asyncio.AbstractEventLoop
    service: Any
    runtime: Runtime
    reports: Any

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def ill(self, number: int, profile: Profile, spo2: int, *, commune: str = "05431") -> str:
        """Declare somebody who then measured *spo2* twice."""
        person_id, area, work = f"p-{number}", Area(commune, "164"), self.service.parts["work"]
        sealed = self.runtime.vault.seal(
            {"full_name": f"Nguyễn {NAMES[number]}"}, data_class="patient", person_id=person_id
        )
        declare = DeclarePatient(
            person_id, area, profile, Origin.OFFICER, NOW.date(), None, OFFICER, sealed=sealed
        )
        self.do(work.run(declare, Cause(f"declare-{number}")))
        vitals = Vitals(spo2_percent=spo2, spo2_repeat_percent=spo2, breaths_per_minute=17)
        report = Report(f"r-{number}", person_id, area, NOW, NOW, False, DeclaredBy.SELF, "p", vitals)
        self.reports.rows[report.report_id] = report
        self.do(work.run(AssessReport(report), Cause(f"report-{number}")))
        return person_id


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    settings = sample_settings(F0MonitoringSettings, drain_seconds=0)
    runtime = Runtime(settings, clock=FrozenClock(NOW), jwks=sample_jwks(), in_memory=True)
    stores = memory.memory_stores()
    service = compose(runtime, stores, settings)
    app, port = service.app(Mode.API), free_ports().quarantine
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        threading.Event().wait(0.1)
    running = Served(f"http://127.0.0.1:{port}", loop, service, runtime, stores.reports)
    for number in range(3):
        running.ill(number, CHILD, 95, commune="05431" if number else "05434")
    running.ill(3, ADULT, 98)
    running.ill(4, ADULT, 93)
    yield running
    loop.call_soon_threadsafe(service.drain)
    server.should_exit = True
    thread.join(20)
    loop.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def opened(served: Served, devices: Devices) -> OpenPage:
    def open_page(role: str = "health_officer", *, size: tuple[int, int] = WALL, query: str = "") -> Page:
        bearer = token(role, ("164",), subject=f"{role}-1", name="Y sĩ Mẫu Bình")
        page = devices.add(bearer, size=size).new_page()
        page.goto(f"{served.address}/quy-tac{query}")
        page.wait_for_selector("html[data-ready]", timeout=30_000)
        return page

    return open_page


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("LACHAN_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_the_rules_of_today_can_be_read_in_both_languages(opened: OpenPage) -> None:
    page = opened("doctor")
    home_care = page.locator("[id='261-2022']")
    expect(home_care.get_by_role("heading")).to_have_text("Dấu hiệu cảnh báo khi chăm sóc F0 tại nhà")
    expect(home_care).to_contain_text("261/QĐ-BYT (31/01/2022)")
    row = home_care.get_by_role("row").filter(has_text="SpO2 giảm")
    for words in ("SpO2, %", "≤ 96", "mọi tuổi", "Trung bình", "Đo một lần: Thấp", "theo báo chí"):
        expect(row).to_contain_text(words)
    expect(page.get_by_text("Chờ ký duyệt chuyên môn.")).to_be_visible()
    expect(page.get_by_role("button", name="Chạy thử thay đổi")).to_have_count(0)
    page.get_by_role("button", name="English").click()
    expect(home_care).to_contain_text("Warning signs for F0 cared for at home")
    expect(home_care.get_by_role("row").filter(has_text="SpO2 lowered")).to_contain_text("Measured once: Low")


def test_the_rules_of_another_day_replace_them(opened: OpenPage) -> None:
    page = opened()
    page.get_by_label("Có hiệu lực ngày").select_option("2022-03-14")
    expect(page.locator("[id='604-2022']")).to_be_visible()
    expect(page.locator("[id='261-2022']")).to_have_count(0)


def test_the_figures_of_the_simulator_stand_beside_the_rules(opened: OpenPage) -> None:
    page = opened()
    table = page.locator("[id='261-2022']").get_by_role("table").filter(has_text="Nguyên văn, đo một lần")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(page.get_by_text("không phải bằng chứng lâm sàng")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Như hệ thống đang làm")).to_have_count(1)


def test_the_next_change_is_tried_and_says_who_and_why(opened: OpenPage) -> None:
    page = opened()
    page.get_by_role("button", name="Chạy thử thay đổi").click()
    page.get_by_role("button", name="Chạy thử", exact=True).click()
    expect(page.get_by_role("heading", name="Nếu áp dụng từ 00:00 ngày 03/03/2022")).to_be_focused()
    expect(page.get_by_text("Trong 5 người đang theo dõi: 3 tăng mức nguy cơ, 0 giảm mức.")).to_be_visible()
    expect(page.locator(".movers li")).to_have_count(3)
    expect(page.locator(".movers")).to_contain_text("SpO2 giảm ở trẻ: 95")
    expect(page.locator(".movers")).to_contain_text("Nguyễn Mẫu An")
    page.get_by_role("button", name="Phường Quán Triều").or_(
        page.locator("table .btn.text").first
    ).first.click()
    expect(page.locator(".movers li")).not_to_have_count(3)


def test_a_file_can_be_pasted_and_a_wrong_one_says_what_is_wrong(opened: OpenPage) -> None:
    page = opened(query="?tab=try")
    page.get_by_label("Thử gì").select_option("file")
    page.get_by_label("Nội dung tệp").fill("version: a\nkey: home-care\n")
    page.get_by_role("button", name="Chạy thử", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("title: Field required")
    text = (Path(__file__).parents[2] / "rules/risk/criteria/261-2022.yaml").read_text("utf-8")
    strict = text.replace("version: 261-2022", "version: 261-strict").replace("at_most: 96", "at_most: 98")
    page.get_by_label("Nội dung tệp").fill(strict)
    page.get_by_role("button", name="Chạy thử", exact=True).click()
    expect(page.get_by_text("1 tăng mức nguy cơ")).to_be_visible()
    expect(page.locator(".movers li")).to_contain_text("ngưỡng ≤ 98 theo 261/QĐ-BYT")


@pytest.mark.parametrize("size", [WALL, PHONE])
def test_every_view_fits_and_passes_the_accessibility_check(opened: OpenPage, size: tuple[int, int]) -> None:
    width, page = size[0], opened(size=size, query="?person=p-4")
    expect(page.locator("#why")).to_contain_text("SpO2 thấp: 93, đo lúc 15:30 10/02/2022; ngưỡng < 94")
    expect(page.locator("[id='261-2022']")).to_be_visible()
    shot(page, f"rules-{width}")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert [(v["id"], v["nodes"][0]["html"]) for v in Axe().run(page).response["violations"]] == []
    page.get_by_role("button", name="Chạy thử thay đổi").click()
    page.get_by_role("button", name="Chạy thử", exact=True).click()
    expect(page.locator(".movers li")).to_have_count(3)
    shot(page, f"rules-try-{width}")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert [(v["id"], v["nodes"][0]["html"]) for v in Axe().run(page).response["violations"]] == []


def test_on_paper_only_the_rules_are_left(opened: OpenPage) -> None:
    page = opened()
    page.wait_for_selector("[id='261-2022']")
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.get_by_text("In từ hệ thống Lá Chắn")).to_be_visible()
    if folder := os.environ.get("LACHAN_SCREENSHOTS"):
        page.pdf(path=Path(folder) / "rules.pdf", format="A4")
