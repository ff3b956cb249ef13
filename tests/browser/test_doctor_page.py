"""
The doctor's desk in Chromium over the running system: on a desk by keyboard, in the hand with one thumb.

Two doctors look at the same list; what one does the other sees without pressing anything.
"""

import asyncio
import os
import re
import threading
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from deploy.local.seed import seed
from deploy.local.stack import Stack
from tests.browser.devices import PHONE, READY, WALL, Devices
from tests.integration.drivers import Town
from tests.integration.people import UNUSED, Person
from tests.integration.services import Services, eventually

SOON = 30_000
READINGS = (97, 96, 95, 95)
PICTURES = os.environ.get("PICTURES", "")


class Ward:
    """A commune with some patients, made on a loop of its own: the browser's driver has one too."""

    def __init__(self, stack: Stack) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.services: Services = self.do(self._open(stack))
        self.town = Town(self.services, next(UNUSED))
        self.worst, self.others = self.do(self._fill())

    async def _open(self, stack: Stack) -> Services:
        return Services(stack)

    async def _fill(self) -> tuple[Person, list[Person]]:
        worst, *others = [self.town.somebody(birth_year=1950 + n) for n in range(4)]
        await self.town.officer.declares(worst, conditions=["hypertension"])
        for person in others:
            await self.town.officer.declares(person)
        for number, spo2 in enumerate(READINGS):
            at = datetime.now(UTC) - timedelta(hours=8 - number)
            await self.report(worst, at, spo2_percent=spo2, temperature_celsius=37.2 + number / 5)
        await self.report(
            worst, datetime.now(UTC), spo2_percent=92, spo2_repeat_percent=91, pulse_per_minute=112
        )
        await eventually(lambda: self.town.officer.record_of(worst), lambda r: r["risk_level"] == "very_high")
        return worst, others

    async def report(self, person: Person, at: datetime, **measured: Any) -> None:
        body = {
            "reported_at": at.isoformat(),
            "declared_by": "officer",
            "spo2_percent": 98,
            "temperature_celsius": 36.8,
            "pulse_per_minute": 88,
            "breaths_per_minute": 18,
            "systolic_mmhg": 124,
            "on_oxygen": False,
            "consciousness": "alert",
            "symptoms": ["cough"],
            **measured,
        }
        path = f"/v1/patients/{person.person_id}/reports"
        await self.services.insist("f0_monitoring", path, body, **self.town.officer.who)

    def do(self, deed: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(deed, self._loop).result(120)

    def close(self) -> None:
        self.do(self.services.close())
        self.do(asyncio.sleep(0.2))  # sockets close in the next rounds of the loop
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture(scope="module")
def ward(stack: Stack) -> Iterator[Ward]:
    steps = list(seed(stack))
    assert not [step for step in steps if "FAILED" in step], steps
    ward = Ward(stack)
    yield ward
    ward.close()


@pytest.fixture
def desk(ward: Ward, stack: Stack, devices: Devices) -> Any:
    """Open the page as somebody of the commune's district; an error on its console is a fault."""

    def opened(size: tuple[int, int] = WALL, role: str = "doctor", search: str = "") -> Page:
        areas = (
            (ward.town.area.commune_code,) if role == "health_officer" else (ward.town.area.district_code,)
        )
        bearer = stack.token(role, areas=areas)
        touch = {"has_touch": True, "is_mobile": True} if size == PHONE else {}
        page = devices.add(bearer, size=size, locale="vi-VN", **touch).new_page()
        page.on("console", lambda said: said.type == "error" and devices.note(page, said.text))
        page.goto(f"{stack.address('f0_monitoring')}/doctor{search}")
        page.wait_for_selector(READY, timeout=SOON)
        return page

    return opened


def row(page: Page, person: Person) -> Locator:
    return page.locator(f'.pt[data-id="{person.person_id}"]')


def picture(page: Page, name: str) -> None:
    """Keep what it looks like, if somebody wants to see."""
    if PICTURES:
        page.wait_for_timeout(600)
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def test_by_keyboard_a_doctor_opens_takes_snoozes_and_logs_a_call(ward: Ward, desk: Any) -> None:
    page = desk()
    expect(row(page, ward.worst)).to_contain_text("SpO2 thấp", timeout=SOON)
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_be_visible(timeout=SOON)
    while page.locator("#name").inner_text() != ward.worst.full_name:
        page.keyboard.press("j")
        page.wait_for_timeout(150)
    expect(page.locator(".trend .plot canvas")).to_have_count(5)
    expect(page.locator(".trend").first).to_contain_text("92")
    picture(page, "doctor-wall")

    page.keyboard.press("a")
    expect(row(page, ward.worst)).to_contain_text("Bạn đang xử lý", timeout=SOON)
    page.get_by_role("button", name="Thêm…").click()  # C opens the telephone, which this machine has not
    page.get_by_role("dialog").get_by_role("button", name="Ghi cuộc gọi").click()
    page.get_by_label("Không nghe máy").check()
    page.get_by_label(re.compile("Ghi chú")).fill("Chuông đổ, không ai nghe")
    page.get_by_role("button", name="Ghi lại").click()
    expect(row(page, ward.worst)).to_contain_text("1 cuộc không nghe", timeout=SOON)
    expect(page.locator(".time")).to_contain_text("Chuông đổ, không ai nghe", timeout=SOON)

    page.keyboard.press("s")
    expect(page.locator("dialog .pick")).to_have_count(2)
    page.locator("dialog textarea").fill("Con trai đang đưa đi khám")
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.locator(".tabs")).to_contain_text(re.compile(r"Đã hoãn\s*[1-9]"), timeout=SOON)
    expect(row(page, ward.worst)).to_have_count(0, timeout=SOON)
    page.get_by_role("button", name=re.compile("Đã hoãn")).click()
    row(page, ward.worst).click(timeout=SOON)
    expect(page.locator(".care .banner", has_text="Con trai đang đưa đi khám")).to_be_visible(timeout=SOON)
    page.keyboard.press("s")
    expect(page.locator(".time")).to_contain_text("Nhắc lại trước giờ", timeout=SOON)


def test_with_one_thumb_a_doctor_gives_medicine_lends_and_asks_to_knock(ward: Ward, desk: Any) -> None:
    page, station = desk(PHONE), desk(WALL, "health_officer", "?tab=knock")
    picture(page, "doctor-phone-list")
    row(page, ward.worst).click(timeout=SOON)
    expect(page.locator("#name")).to_have_text(ward.worst.full_name, timeout=SOON)
    expect(page.locator(".acts a")).to_have_attribute("href", f"tel:+84{ward.worst.phone[1:]}")
    picture(page, "doctor-phone-record")
    for box in (button.bounding_box() for button in page.locator(".acts .btn:visible").all()):
        assert box is not None
        assert box["height"] >= 44
        assert box["y"] > 700, "the acts are at the thumb"

    def act(name: str) -> None:
        page.get_by_role("button", name="Thêm…").click()
        page.get_by_role("dialog").get_by_role("button", name=name).click()

    act("Phát thuốc")
    picture(page, "doctor-phone-dialog")
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.locator(".time")).to_contain_text("Phát túi thuốc A", timeout=SOON)
    act("Cho mượn máy")
    page.get_by_label(re.compile("Số máy")).fill("SPO 4711")
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.locator(".rail")).to_contain_text("SPO4711", timeout=SOON)
    act("Nhờ xã gõ cửa")
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.locator(".care .banner", has_text="Nhờ xã đến")).to_be_visible(timeout=SOON)

    fresh = station.get_by_role("button", name=re.compile("thay đổi mới"))
    fresh.or_(row(station, ward.worst)).first.wait_for(timeout=SOON)
    if fresh.is_visible():
        fresh.click()
    row(station, ward.worst).click(timeout=SOON)
    expect(station.locator(".care .banner", has_text="Nhờ xã đến")).to_be_visible(timeout=SOON)
    station.keyboard.press("g")
    station.get_by_label("Gặp, ổn").check()
    station.get_by_role("button", name="Ghi lại").click()
    expect(page.locator(".time")).to_contain_text("Xã đã đến: ổn", timeout=SOON)
    picture(station, "doctor-station")


def test_what_one_doctor_does_the_other_sees_and_worse_waits_behind_a_button(ward: Ward, desk: Any) -> None:
    here, there = desk(search="?tab=all"), desk(search="?tab=all")
    someone = ward.others[-1]
    row(here, someone).click(timeout=SOON)
    expect(here.locator("#name")).to_have_text(someone.full_name, timeout=SOON)
    before = [each.get_attribute("data-id") for each in there.locator(".pt").all()]

    here.keyboard.press("a")
    expect(row(there, someone)).to_contain_text("đang xử lý", timeout=SOON)
    ward.do(ward.report(someone, datetime.now(UTC), spo2_percent=92, spo2_repeat_percent=91))

    expect(row(there, someone)).to_contain_text("Rất cao", timeout=SOON)
    assert [each.get_attribute("data-id") for each in there.locator(".pt").all()] == before, "nothing moves"
    there.get_by_role("button", name=re.compile("thay đổi mới")).click(timeout=SOON)
    assert [each.get_attribute("data-id") for each in there.locator(".pt").all()] != before
    expect(here.locator(".who")).to_contain_text("Rất cao", timeout=SOON)


@pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
def test_the_record_is_accessible(ward: Ward, desk: Any, size: tuple[int, int]) -> None:
    page = desk(size, search=f"?person={ward.worst.person_id}")
    expect(page.locator(".trend .plot canvas").first).to_be_visible(timeout=SOON)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "nothing hangs out at the side"

    found = Axe().run(page).response["violations"]

    assert [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found] == []
