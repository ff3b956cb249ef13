"""Lịch trực: a health officer plans the week, on a phone and on a desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from common.service import Mode, Runtime
from common.testing.sign_in import bearer, sample_jwks, sample_settings, token
from f0_monitoring.app import compose
from f0_monitoring.settings import F0MonitoringSettings
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured
from tests.browser.serving import serving

stage = import_module("services.f0-monitoring.tests.conftest")
SIZES = pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
CENTRE = token("health_officer", ("173",), subject="tt-173", name="Trần Mẫu Trung Tâm")
LEAD = token("doctor", ("173",), subject="bs-an", name="BS. Nguyễn Mẫu An")
DOCTORS = {"bs-an": "BS. Nguyễn Mẫu An", "bs-binh": "BS. Trần Mẫu Bình", "bs-chi": "BS. Lê Mẫu Chi"}


@dataclass
class Roster:
    """The service, and how a test plans for it what the page should show."""

    client: httpx.Client
    address: str

    def keep(self, doctor_id: str, **more: Any) -> None:
        body = {
            "name": DOCTORS[doctor_id],
            "phone": "0987654321",
            "district_codes": ["173"],
            "capacity": 20,
            **more,
        }
        self.client.put(f"/v1/doctors/{doctor_id}", json=body).raise_for_status()

    def plan(self, doctor_id: str, name: str, begin: float, end: float, **more: Any) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        hours = {"from_at": now + timedelta(hours=begin), "until_at": now + timedelta(hours=end)}
        body = {key: at.isoformat() for key, at in hours.items()} | more
        self.client.put(f"/v1/doctors/{doctor_id}/shifts/{name}", json=body).raise_for_status()

    def doctor(self, doctor_id: str) -> Any:
        found = self.client.get("/v1/doctors").json()["items"]
        return next(one for one in found if one["doctor_id"] == doctor_id)

    def ill(self, count: int) -> None:
        for number in range(count):
            person = {
                "full_name": "Phạm Mẫu",
                "cccd": f"0191900{number:05}",
                "birth_year": 1990,
                "sex": "female",
            }
            body = {
                "person": person,
                "commune_code": "05908",
                "address": "Tổ 1",
                "tested_on": datetime.now(UTC).date().isoformat(),
            }
            self.client.post("/v1/patients", json=body).raise_for_status()


@pytest.fixture
def roster() -> Iterator[Roster]:
    """Three doctors of one district: one works now until in three hours, one tomorrow, one leads."""
    settings = sample_settings(F0MonitoringSettings)
    runtime = Runtime(settings, jwks=sample_jwks(), in_memory=True)
    app = compose(runtime, stage.memory_stores(), settings).app(Mode.API)
    with serving(app) as served:
        administrator = bearer("administrator", ("19",))
        with httpx.Client(base_url=served.address, headers=administrator, timeout=30) as client:
            made = Roster(client, served.address)
            made.keep("bs-an", is_lead=True, on_duty=False, capacity=30)
            made.keep("bs-binh", on_duty=False)
            made.keep("bs-chi", on_duty=False, capacity=4)
            made.plan("bs-binh", "nay", 0, 3)
            made.plan("bs-chi", "mai", 20, 30, kind="night", capacity=60)
            made.ill(5)
            yield made


def opened(roster: Roster, devices: Devices, who: str, size: tuple[int, int]) -> Page:
    page = devices.add(who, size=size).new_page()
    page.goto(f"{roster.address}/truc")
    page.wait_for_selector(READY)
    expect(page.locator("table.plan")).to_be_visible()
    return page


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@SIZES
def test_a_gap_is_seen_filled_and_gone(roster, devices, size) -> None:
    page = opened(roster, devices, CENTRE, size)
    gap = page.locator("#gaps li").first
    expect(gap).to_contain_text("Huyện Phú Bình: cả huyện")
    expect(page.locator("#gaps li")).to_have_count(2)
    expect(page.locator('[data-doctor="bs-binh"] .count')).to_have_text("5/20 người bệnh")
    fits(page)
    pictured(page, "duty")

    gap.get_by_role("button").click()
    page.locator("select[name=doctor]").select_option("bs-an")
    page.get_by_label("Số người bệnh tối đa trong ca").fill("25")
    fits(page)
    pictured(page, "duty-fill")
    page.get_by_role("button", name="Lưu ca").click()

    expect(page.get_by_text("Đã lưu ca của BS. Nguyễn Mẫu An.")).to_be_visible()
    expect(page.locator("#gaps li")).to_have_count(1)
    [shift] = roster.doctor("bs-an")["shifts"]
    assert shift["capacity"] == 25
    hours = datetime.fromisoformat(shift["until_at"]) - datetime.fromisoformat(shift["from_at"])
    assert timedelta(hours=16, minutes=58) < hours < timedelta(hours=17, minutes=2)


@SIZES
def test_a_shift_is_added_changed_and_cancelled(roster, devices, size) -> None:
    page = opened(roster, devices, CENTRE, size)
    days = page.locator("nav.days button")
    if size == PHONE:
        days.nth(3).click()
    row = page.locator('[data-doctor="bs-an"] td').nth(3)
    row.get_by_role("button", name="Thêm ca cho").click()
    page.get_by_label("Ca đêm: trực thay").check()
    page.get_by_role("button", name="Lưu ca").click()
    expect(row.locator(".shift.night")).to_contain_text("19:00–07:00")
    expect(page.locator(".nights td").nth(3)).to_have_text("BS. Nguyễn Mẫu An")

    row.locator(".shift").click()
    page.get_by_label("Số người bệnh tối đa trong ca").fill("77")
    page.get_by_role("button", name="Lưu ca").click()
    expect(row.locator(".shift")).to_contain_text("Ca đêm · 77")

    row.locator(".shift").click()
    page.get_by_role("button", name="Bỏ ca này").click()
    page.get_by_role("button", name="Bỏ ca: người bệnh chuyển").click()
    expect(row.locator(".shift")).to_have_count(0)
    assert roster.doctor("bs-an")["shifts"] == []


@SIZES
def test_duty_begins_and_ends_by_hand_and_a_clash_is_said(roster, devices, size) -> None:
    page = opened(roster, devices, LEAD, size)
    page.get_by_role("button", name="Ra ca: BS. Trần Mẫu Bình").click()
    expect(page.get_by_text("5 người bệnh sẽ được chuyển")).to_be_visible()
    expect(page.get_by_text("Không còn bác sĩ nào khác đang trực")).to_be_visible()
    page.get_by_role("button", name="Đóng").last.click()

    page.get_by_role("button", name="Vào ca: BS. Nguyễn Mẫu An").click()
    page.get_by_label("8 giờ nữa").check()
    fits(page)
    page.get_by_role("dialog").get_by_role("button", name="Vào ca").click()
    expect(page.locator('[data-doctor="bs-an"] .tag.r1')).to_have_text("Đang trực")
    page.get_by_role("button", name="Ra ca: BS. Trần Mẫu Bình").click()
    page.get_by_role("dialog").get_by_role("button", name="Ra ca").click()
    expect(page.locator('[data-doctor="bs-binh"] .tag.r0')).to_have_text("Không trực")

    page.locator('[data-doctor="bs-an"] td').first.get_by_role("button", name="Thêm ca cho").click()
    [present] = roster.doctor("bs-an")["shifts"]
    same = datetime.fromisoformat(present["until_at"]) + timedelta(hours=7 - 1)
    page.locator("input[name=until]").fill((same + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"))
    page.locator("input[name=from]").fill(same.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Lưu ca").click()
    expect(page.get_by_role("alert")).to_contain_text("trùng giờ")


def test_a_week_is_repeated_and_english_is_there(roster, devices) -> None:
    page = opened(roster, devices, CENTRE, WALL)
    page.get_by_role("button", name="Lặp sang tuần sau: BS. Lê Mẫu Chi").click()
    expect(page.get_by_text("Đã xếp 1 ca tuần sau cho BS. Lê Mẫu Chi.")).to_be_visible()
    first, second = roster.doctor("bs-chi")["shifts"]
    begun = [datetime.fromisoformat(one["from_at"]) for one in (first, second)]
    assert begun[1] - begun[0] == timedelta(days=7)
    assert (second["kind"], second["capacity"]) == ("night", 60)

    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Doctors on duty")).to_be_visible()
    fits(page)
