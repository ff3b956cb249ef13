"""The wall in Chromium: no data, live, restated, silent, by keyboard, on a phone, within the role."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from common.kernel.clock import local_day
from common.messaging.inspection import Standing
from common.messaging.subscription import Door
from common.service import Mode, Runtime
from common.testing.sign_in import sample_jwks, sample_settings, token
from common.work.memory import MemoryStore
from common.work.model import Cause, Errand
from ioc_aggregation.app import Stores, compose
from ioc_aggregation.consumers import GROUP, RESOURCES
from ioc_aggregation.domain import fold
from ioc_aggregation.domain.fold import AlertNote, Deltas, Tally
from ioc_aggregation.settings import IocSettings
from ioc_aggregation.store import Fold, MemoryChecks, MemoryMails, MemoryTotals
from ioc_aggregation.views.heartbeat import BusReport
from ioc_aggregation.views.window import Window
from tests.browser.devices import PHONE, READY, WALL, Devices
from tests.browser.serving import Serving, serving

QUAN_TRIEU, QUANG_VINH, HUONG_SON = "05431", "05434", "05908"
PATIENT = fold.patient_declared("low", "at_home")


class Mine:
    """A lease that nobody else wants."""

    async def hold(self) -> bool:
        return True


@dataclass
class Served(Serving):
    """The service on memory stores behind a real socket."""

    fold: Fold
    window: Window
    resources: Door
    count: int = 0

    def tell(
        self,
        commune: str,
        deltas: Deltas,
        *,
        ago: timedelta = timedelta(),
        late_days: int = 0,
        alert: tuple[str, str] | None = None,
        speaks: bool = True,
    ) -> None:
        """Fold one fact recorded *ago* before now."""
        self.count += 1
        at = datetime.now(UTC) - ago
        note = None
        if alert:
            note = AlertNote(alert[0], self.count, alert[1], "risk-rising", "critical", commune, at, at)
        day = local_day(at) - timedelta(days=late_days)
        tally = Tally(f"f-{self.count}", "t", "s", 1, commune, day, at, deltas, late_days > 0, speaks, note)
        errand = Errand(tally, Cause(tally.fact_id, partition="f0.patients.v1:0", offset=self.count))
        self.do(self.fold.run_batch([errand]))


@pytest.fixture
def served() -> Iterator[Served]:
    settings = sample_settings(IocSettings, drain_seconds=0, poll_seconds=0.1)
    runtime = Runtime(settings, jwks=sample_jwks(), in_memory=True)
    stores = Stores(MemoryTotals(), MemoryStore[Any](), MemoryMails(), MemoryChecks())
    service = compose(settings, runtime, stores, Mine(), Mine())
    subscription = next(s for s in service.subscriptions if s.group == GROUP)
    resources = next(s for s in service.subscriptions if s.group == RESOURCES)
    app = service.app(Mode.API)
    with serving(app, service.drain) as here:
        yield Served(here.address, here.loop, subscription.work, service.parts["window"], resources.work)


Open = Callable[..., Page]


@pytest.fixture
def opened(served: Served, devices: Devices) -> Open:
    def open_page(
        role: str = "ioc_operator", areas: tuple[str, ...] = ("19",), *, size: tuple[int, int] = WALL
    ) -> Page:
        page = devices.add(token(role, areas, name="Trực ban Mẫu"), size=size).new_page()
        page.goto(served.address)
        page.wait_for_selector(READY)
        return page

    return open_page


def kpi(page: Page, number: int) -> Any:
    return page.locator(".kpi .n").nth(number)


def tile(page: Page, code: str) -> Any:
    return page.locator(f'.tile[data-code="{code}"]')


def containing(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text))


def test_a_province_of_which_nothing_is_known_shows_no_level_anywhere(served, opened):
    page = opened()
    expect(page.locator(".live")).to_contain_text("Trực tiếp")
    expect(page.locator(".tile.quiet")).to_have_count(178)
    expect(page.locator(".feed")).to_contain_text("Không có cảnh báo")


def test_figures_are_dashes_until_the_snapshot_arrives(served, opened):
    page = opened()
    page.context.route("**/v1/stream", lambda route: route.abort())
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator(".live")).to_contain_text("Mất kết nối")
    for number in range(5):
        expect(kpi(page, number)).to_have_text("—")


def test_a_fact_changes_the_wall_at_once(served, opened):
    page = opened()
    expect(kpi(page, 0)).to_have_text("0")
    served.tell(QUAN_TRIEU, PATIENT)
    expect(kpi(page, 0)).to_have_text("1")
    label = "Phường Quán Triều, Thái Nguyên: mức 1 (Thấp) · 1 F0 · 1 ca mới · 0 cách ly"
    expect(tile(page, QUAN_TRIEU)).to_have_attribute("aria-label", label)
    expect(page.locator(".units tbody tr").first).to_contain_text("Thái Nguyên")


def test_an_alert_that_nobody_takes_frames_its_number(served, opened):
    page = opened()
    served.tell(QUAN_TRIEU, fold.alert_raised("critical"), alert=("a-1", "waiting"), speaks=False)
    expect(page.locator(".kpi.alarm .n")).to_have_text("1")
    expect(page.locator(".feed .critical")).to_contain_text("Nguy cơ của F0 tăng")
    served.tell(QUAN_TRIEU, fold.alert_taken(30), alert=("a-1", "taken"), speaks=False)
    expect(page.locator(".kpi.alarm")).to_have_count(0)
    expect(page.locator(".feed .critical")).to_contain_text("đã có người nhận")


def test_a_silent_commune_is_a_question_mark_and_the_province_says_it_is_incomplete(served, opened):
    served.tell(QUAN_TRIEU, PATIENT, ago=timedelta(hours=30))
    page = opened()
    expect(page.locator(".tile.silent")).to_have_count(1)
    expect(tile(page, QUAN_TRIEU)).to_have_attribute("aria-label", containing("im lặng từ"))
    expect(page.locator(".tip").first).to_contain_text("1 xã im lặng")
    expect(kpi(page, 0)).to_have_text("1")


def test_a_late_fact_is_marked_as_restated(served, opened):
    page = opened()
    served.tell(QUAN_TRIEU, PATIENT, late_days=3)
    expect(page.locator(".kpi .d").nth(1)).to_contain_text("đã điều chỉnh")


def test_the_keyboard_walks_the_map_chooses_an_area_and_comes_back(served, opened):
    served.tell(QUANG_VINH, PATIENT)
    page = opened()
    # Before the snapshot no area is known, and Enter rightly chooses nothing.
    expect(page.locator(".head small")).to_have_text("Tỉnh Thái Nguyên")
    tile(page, QUAN_TRIEU).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".detail")).to_contain_text("Phường Quang Vinh")
    page.keyboard.press("Enter")
    expect(page.locator(".head small")).to_have_text("Phường Quang Vinh")
    assert page.url.endswith("?area=05434")
    page.keyboard.press("Escape")
    expect(page.locator(".head small")).to_have_text("Thành phố Thái Nguyên")
    page.keyboard.press("Escape")
    expect(page.locator(".head small")).to_have_text("Tỉnh Thái Nguyên")


def test_an_officer_sees_the_own_area_and_the_rest_is_dark(served, opened):
    served.tell(QUAN_TRIEU, PATIENT)
    served.tell(HUONG_SON, PATIENT)
    page = opened("health_officer", ("164",))
    expect(page.locator(".head small")).to_have_text("Thành phố Thái Nguyên")
    expect(kpi(page, 0)).to_have_text("1")
    expect(tile(page, HUONG_SON)).to_have_class(containing("hidden-area"))
    expect(page.locator(".system")).to_have_count(0)


def test_somebody_without_the_role_is_told_so(served, opened):
    page = opened("citizen", ())
    expect(page.locator("[role=alert]")).to_contain_text("không có quyền xem màn hình điều hành")


def test_the_state_of_the_system_is_on_the_wall(served, opened):
    bus = served.window._bus
    bus.report = BusReport(datetime.now(UTC), True, [Standing("f0-monitoring.assess", 12, 2)])
    page = opened()
    expect(page.locator(".system")).to_contain_text("Chờ xử lý: 12")
    expect(page.locator(".system .bad")).to_contain_text("Bản ghi lỗi: 2")
    bus.report = BusReport(datetime.now(UTC), False, [])
    served.loop.call_soon_threadsafe(bus.on_beat)
    expect(page.locator(".system .bad").first).to_contain_text("Không thấy đường truyền sự kiện")


def test_a_lost_connection_keeps_the_figures_and_comes_back_by_itself(served, opened):
    served.tell(QUAN_TRIEU, PATIENT)
    page = opened()
    expect(kpi(page, 0)).to_have_text("1")
    page.context.set_offline(True)
    served.loop.call_soon_threadsafe(_send_readers_away, served)
    expect(page.locator(".live")).to_contain_text("Mất kết nối")
    expect(kpi(page, 0)).to_have_text("1")
    served.tell(QUAN_TRIEU, PATIENT)
    page.context.set_offline(False)
    expect(kpi(page, 0)).to_have_text("2")
    expect(page.locator(".live")).to_contain_text("Trực tiếp")


def _send_readers_away(served: Served) -> None:
    for reader in tuple(served.window.broadcast._readers):
        served.window.broadcast._send_away(reader)


@pytest.mark.parametrize("size", [WALL, PHONE], ids=["wall", "phone"])
def test_it_fits_the_wall_and_the_phone_and_passes_the_accessibility_check(served, opened, size):
    for commune in (QUAN_TRIEU, QUANG_VINH, HUONG_SON):
        served.tell(commune, PATIENT)
    served.tell(QUAN_TRIEU, fold.alert_raised("critical"), alert=("a-1", "waiting"), speaks=False)
    page = opened(size=size)
    expect(kpi(page, 0)).to_have_text("3")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if size == WALL:
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []
