"""Check-ins at phone size, in and out of the fence and without a position; and what the officer makes of them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from common.clocks import FrozenClock
from common.contracts.codec import to_record
from common.kernel.areas import Actor
from common.messaging.applier import Applier
from common.people.body import PersonBody
from common.service import Mode, Runtime, Service
from common.testing.bus import MemoryBus
from common.testing.sign_in import sample_jwks, sample_settings, token
from common.work.model import Cause
from common.work.timers import TimerLoop
from quarantine.app import compose
from quarantine.domain.model import Category, Place
from quarantine.settings import QuarantineSettings
from quarantine.views.requests import QuarantineOrderBody
from services.quarantine.tests.memory import memory_stores
from services.quarantine.tests.pictures import jpeg
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured
from tests.browser.serving import Serving, serving

OFFICER = Actor("cb-164", frozenset({"health_officer"}), frozenset({"164"}))
MORNING = datetime(2021, 8, 2, 1, tzinfo=UTC)
HOME = {"latitude": 21.594, "longitude": 105.848, "accuracy": 15}
AWAY = {"latitude": 21.61, "longitude": 105.848, "accuracy": 15}
SENT = re.compile(r"/(answer|check-in-photos)$")
VAGUE = {**HOME, "accuracy": 900}


@dataclass
class Served(Serving):
    """The service on memory stores behind a real socket; what travels by Kafka is carried by hand."""

    service: Service
    parts: dict[str, Any]
    clock: FrozenClock
    bus: MemoryBus

    def order(self, number: int) -> str:
        """Order an F1 into quarantine at home; return the person's id."""
        who = {
            "full_name": f"Nguyễn Mẫu {chr(64 + number)}",
            "passport": f"B12345{number:02}",
            "birth_year": 1990,
        }
        body = QuarantineOrderBody(
            person=PersonBody.model_validate({**who, "sex": "female", "phone": "0912345678"}),
            commune_code="05443",
            address="Số 12, tổ 3",
            category=Category.F1,
            place=Place.HOME,
            last_exposure_on=date(2021, 8, 1),
            confirm=True,
        )
        command = self.do(self.parts["intake"].to_order(body, OFFICER))
        self.do(self.parts["work"].run(command, Cause(f"order-{number}")))
        self.settle()
        return str(command.person_id)

    def asks(self, person_id: str) -> None:
        """Ask for a check-in now, as an officer may."""
        cause = Cause(f"ask-{person_id}-{self.clock.now().isoformat()}")
        command = self.do(self.parts["supervision_intake"].to_ask(person_id, OFFICER, cause))
        self.do(self.parts["supervision"].run(command, cause))

    def settle(self) -> None:
        """Let timers fire and facts travel until nothing moves."""
        self.do(self._settle())

    async def _settle(self) -> None:
        for _ in range(3):
            for work in self.service.runtime.works:
                while await TimerLoop(work, work.store, self.clock).fire_due():
                    pass
            for store in self.service.runtime.stores:
                for unsent in await store.unsent(10_000):
                    await self.bus.publish([to_record(entry) for entry in unsent.entries])
                    await store.clear([unsent])
            for subscription in self.service.subscriptions:
                records = self.bus.fetch(subscription.topics, {}, 10_000)
                await Applier(subscription, self.bus, self.clock).apply(records)


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    clock = FrozenClock(MORNING)
    settings = sample_settings(QuarantineSettings, drain_seconds=0)
    runtime = Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True)
    service = compose(runtime, memory_stores(), settings)
    app = service.app(Mode.API)
    with serving(app, service.drain) as here:
        yield Served(here.address, here.loop, service, app.state.parts, clock, MemoryBus())


@pytest.fixture
def person(running: Served) -> str:
    """One F1 at home, on a morning on which nothing happened yet."""
    running.clock.set(MORNING)
    running.bus = MemoryBus()
    for store in running.service.runtime.stores:
        getattr(store, "aggregates", {}).clear()
        store.outbox.clear()
    return running.order(1)


OpenPage = Callable[..., Page]


@pytest.fixture
def phone(running: Served, devices: Devices) -> OpenPage:
    """Open a citizen's check-in page on a phone that is somewhere, or does not say where."""

    def open_page(person_id: str, where: dict[str, float] | None) -> Page:
        bearer = token("citizen", (), person_id=person_id, subject=f"tk-{person_id}")
        seen = {"geolocation": where, "permissions": ["geolocation"]} if where else {}
        page = devices.add(bearer, size=PHONE, **seen).new_page()
        page.goto(f"{running.address}/diem-danh")
        page.wait_for_selector(READY)
        return page

    return open_page


@pytest.fixture
def desk(running: Served, devices: Devices) -> OpenPage:
    """Open the officer's supervision."""

    def open_page(size: tuple[int, int] = WALL, role: str = "health_officer") -> Page:
        bearer = token(role, ("164",), subject=f"{role}-1", name="Y sĩ Mẫu Bình")
        page = devices.add(bearer, size=size).new_page()
        page.goto(f"{running.address}/cases?v=watch")
        page.wait_for_selector(".watch .counts b", timeout=30_000)
        return page

    return open_page


def is_clean(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_citizen_registers_home_then_is_inside_with_one_press(
    running: Served, person: str, phone: OpenPage
) -> None:
    page = phone(person, HOME)
    expect(page.get_by_role("heading", name="Bây giờ không phải điểm danh")).to_be_visible()
    running.asks(person)
    page.reload()
    expect(page.get_by_text("vị trí hiện tại được ghi là nơi cách ly")).to_be_visible()
    is_clean(page)
    pictured(page, "check-in-asked")
    page.get_by_role("button", name="Tôi đang ở nhà").press("Enter")
    expect(page.locator("#told")).to_contain_text("Đã ghi nơi cách ly của bạn")
    expect(page.locator("#told h2")).to_be_focused()

    running.clock.move(timedelta(minutes=20))
    running.asks(person)
    page.reload()
    page.get_by_role("button", name="Tôi đang ở nhà").click()
    expect(page.locator("#told")).to_contain_text("Bạn đang ở nơi cách ly")
    is_clean(page)
    pictured(page, "check-in-inside")


def test_outside_the_fence_is_told_kindly_and_the_officer_follows_it_up(
    running: Served, person: str, phone: OpenPage, desk: OpenPage
) -> None:
    running.asks(person)
    page = phone(person, HOME)
    page.get_by_role("button", name="Tôi đang ở nhà").click()
    expect(page.locator("#told")).to_be_visible()
    running.clock.move(timedelta(minutes=20))
    running.asks(person)
    page.context.set_geolocation(AWAY)
    page.reload()
    page.get_by_role("button", name="Tôi đang ở nhà").click()
    expect(page.locator("#told")).to_contain_text("cán bộ sẽ hỏi bạn trước khi kết luận")
    pictured(page, "check-in-outside")
    running.settle()

    officer = desk()
    officer.get_by_role("button", name="Vi phạm cần xử lý").click()
    pictured(officer, "supervision-breaches")
    officer.get_by_role("button", name="Giám sát Nguyễn Mẫu").first.click()
    dialog = officer.get_by_role("dialog")
    expect(dialog).to_contain_text("Điểm danh ngoài nơi cách ly")
    expect(dialog).to_contain_text("21.61000, 105.84800")
    is_clean(officer)
    pictured(officer, "supervision-file")
    dialog.get_by_text("Xử lý vi phạm này").click()
    dialog.get_by_label("Kết luận").select_option("closed")
    dialog.get_by_label("Lời giải trình, kết quả xác minh").fill("Đi cấp cứu cùng con, bệnh viện xác nhận")
    dialog.get_by_role("button", name="Lưu").first.click()
    expect(dialog).to_contain_text("Khép lại")
    expect(dialog).to_contain_text("bệnh viện xác nhận")


def test_a_phone_that_may_not_say_where_it_is_can_still_answer(
    running: Served, person: str, phone: OpenPage
) -> None:
    running.asks(person)
    page = phone(person, None)
    page.get_by_role("button", name="Tôi đang ở nhà").click()
    expect(page.get_by_role("alert")).to_contain_text("Máy chưa cho trang này xem vị trí")
    expect(page.get_by_role("button", name="Thử lại")).to_be_visible()
    is_clean(page)
    pictured(page, "check-in-denied")
    page.get_by_role("button", name="Gửi không kèm vị trí").click()
    expect(page.locator("#told")).to_contain_text("bạn không bị coi là vi phạm")


def test_a_phone_without_a_fix_and_without_gps_is_told_what_to_do(
    running: Served, person: str, phone: OpenPage
) -> None:
    running.asks(person)
    page = phone(person, VAGUE)
    page.get_by_role("button", name="Tôi đang ở nhà").click()
    expect(page.get_by_role("alert")).to_contain_text("Vị trí còn mờ, sai số 900 m")
    page.evaluate("() => { navigator.geolocation.getCurrentPosition = (_, fail) => fail({ code: 2 }); }")
    page.get_by_role("button", name="Thử lại").click()
    expect(page.get_by_role("alert")).to_contain_text("Hãy bật Vị trí (GPS)")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("alert")).to_contain_text("The phone found no position")
    is_clean(page)


def test_without_a_network_answer_and_photo_wait_on_the_phone_and_the_officer_sees_them(
    running: Served, person: str, phone: OpenPage, desk: OpenPage, tmp_path: Path
) -> None:
    taken = tmp_path / "anh.jpg"
    taken.write_bytes(jpeg(size=(2400, 1800), beside=True))
    running.asks(person)
    page = phone(person, HOME)
    page.get_by_text("Thêm ảnh chụp tại nhà").press("Enter")
    page.get_by_label("Ảnh chụp tại nhà").set_input_files(taken)
    expect(page.get_by_alt_text("Ảnh bạn vừa chụp")).to_be_visible()
    is_clean(page)
    pictured(page, "check-in-photo")
    page.route(SENT, lambda route: route.abort())
    page.get_by_role("button", name="Tôi đang ở nhà").click()
    expect(page.get_by_role("alert")).to_contain_text("không bị tính hai lần")
    page.unroute(SENT)
    with page.expect_response(re.compile("/check-in-photos$"), timeout=60_000) as kept:
        page.get_by_role("button", name="Gửi lại").click()
    assert kept.value.status == 201
    expect(page.locator("#told")).to_contain_text("Đã ghi nơi cách ly của bạn")

    officer = desk(PHONE)
    officer.goto(f"{running.address}/cases?v=today")
    officer.get_by_role("button", name="Giám sát Nguyễn Mẫu").first.click()
    dialog = officer.get_by_role("dialog")
    dialog.get_by_role("button", name="Xem ảnh").click()
    shown = dialog.get_by_alt_text("Ảnh điểm danh")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => Math.max(image.naturalWidth, image.naturalHeight)") <= 1280
    is_clean(officer)
    pictured(officer, "supervision-photo")


def test_help_is_asked_for_on_the_phone_and_given_by_the_officer(
    running: Served, person: str, phone: OpenPage, desk: OpenPage
) -> None:
    page = phone(person, None)
    page.get_by_label("Cần gì").select_option("medicine")
    page.get_by_label("Nói rõ thêm").fill("Thuốc huyết áp của bà")
    page.get_by_role("button", name="Nhờ trạm y tế").click()
    expect(page.get_by_text("Đã gửi. Cán bộ xã sẽ liên lạc với bạn.")).to_be_visible()

    officer = desk(PHONE)
    officer.get_by_role("button", name="Cần giúp").click()
    expect(officer.locator(".duty")).to_contain_text("Thuốc")
    pictured(officer, "supervision-help")
    officer.get_by_role("button", name="Giám sát Nguyễn Mẫu").click()
    dialog = officer.get_by_role("dialog")
    dialog.get_by_label("Đã làm gì").fill("Đã mang 10 viên đến cửa")
    dialog.get_by_role("button", name="Đã giúp xong").click()
    expect(dialog).to_contain_text("đã giúp")
    page.reload()
    expect(page.locator("#help")).to_contain_text("Đã mang 10 viên đến cửa")


def test_a_miss_is_called_visited_and_settled(running: Served, person: str, desk: OpenPage) -> None:
    running.asks(person)
    running.clock.move(timedelta(minutes=16))
    running.settle()
    officer = desk(PHONE)
    row = officer.locator(".duty").filter(has_text="Gọi điện").first
    expect(row).to_contain_text("vắng 1 lần")
    row.get_by_role("button", name="Giám sát").click()
    dialog = officer.get_by_role("dialog")
    expect(dialog.locator(".todo")).to_contain_text("Gọi điện")
    dialog.get_by_label("Kết quả").select_option("unreachable")
    dialog.get_by_label("Ghi chú").first.fill("Số máy không có thật")
    dialog.get_by_role("button", name="Ghi lại").click()
    expect(dialog.locator(".todo")).to_contain_text("Đến nhà")
    expect(dialog.locator("[data-list=contacts]")).to_contain_text("Số máy không có thật")
    is_clean(officer)
    pictured(officer, "supervision-ladder")
    dialog.get_by_label("Cách liên lạc").select_option("visit")
    dialog.get_by_label("Kết quả").select_option("reached")
    dialog.get_by_role("button", name="Ghi lại").press("Enter")
    expect(dialog).to_contain_text("Không có việc phải làm")


def test_a_home_copied_from_a_map_is_taken_and_nonsense_is_not(
    running: Served, person: str, desk: OpenPage
) -> None:
    running.asks(person)
    running.clock.move(timedelta(minutes=16))
    running.settle()
    officer = desk()
    officer.get_by_role("button", name="Giám sát Nguyễn Mẫu").first.click()
    dialog = officer.get_by_role("dialog")
    dialog.get_by_text("Đặt vị trí nơi cách ly").click()
    dialog.get_by_label("Vĩ độ, kinh độ").fill("ngõ 12")
    dialog.get_by_role("button", name="Lưu").last.click()
    expect(dialog.get_by_role("alert")).to_contain_text("Không đọc được vị trí")
    dialog.get_by_label("Vĩ độ, kinh độ").fill("21.594, 105.848")
    dialog.get_by_role("button", name="Lưu").last.click()
    expect(dialog).to_contain_text("Đã có vị trí nơi cách ly, bán kính 100 m")


def test_doctors_see_the_lists_and_open_nothing(running: Served, person: str, desk: OpenPage) -> None:
    page = desk(role="doctor")
    expect(page.locator(".watch .counts button")).to_have_count(5)
    expect(page.get_by_role("button", name="Giám sát Nguyễn Mẫu")).to_have_count(0)
