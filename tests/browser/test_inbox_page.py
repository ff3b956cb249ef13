"""The alert inbox in Chromium: live, calm, by keyboard, on a phone, and while the network is away."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from alerting.app import compose
from alerting.domain.commands import NoteBreach, NoteRisk, NoteSilence
from alerting.domain.evidence import Evidence, Reason
from alerting.domain.model import (
    Kind,
)
from alerting.settings import AlertingSettings
from alerting.store.stations import MemoryStations
from common.http.sse import Broadcast, Message
from common.kernel.areas import Area
from common.service import Mode, Runtime
from common.testing.sign_in import sample_jwks, sample_settings, token
from common.work.model import Cause
from services.alerting.tests.memory import MemoryAnswers, MemoryConditions, calling_stores
from tests.browser.devices import PHONE, WALL, Devices, pictured
from tests.browser.serving import Serving, serving

SPO2 = Reason("spo2-under-94", "91", "< 94", "3646/QĐ-BYT")


@dataclass
class Served(Serving):
    """The service on a memory store behind a real socket."""

    work: Any
    broadcast: Broadcast
    store: MemoryConditions
    heard: int = 0
    sequences: dict[str, int] = field(default_factory=dict)

    def send_readers_away(self) -> None:
        """End the open streams by more than a reader can hold, as a slow network would."""
        for _ in range(2_000):
            self.broadcast.publish(Message("noise", {}))

    def hear(self, command: Any) -> None:
        self.heard += 1
        running = self.work.run(command, Cause(f"fact-{self.heard}"))
        self.do(running)

    def risk(self, who: str, level: str = "very_high", commune: str = "05437", **more: Any) -> None:
        self.sequences[who] = self.sequences.get(who, 0) + 1
        evidence = Evidence(level=level, is_danger_sign=True, reasons=(SPO2,))
        place = Area(commune, "164")
        now = datetime.now(UTC)
        about = (Kind.RISK_RISING, who, place, now, self.sequences[who], who, level)
        self.hear(NoteRisk(*about, evidence=evidence, **more))

    def silence(self, who: str) -> None:
        """A contact who missed three days; never at night, when such an alert rests until morning."""
        now, place = datetime.now(UTC), Area("05437", "164")
        self.hear(NoteSilence(Kind.CONTACT_SILENT, who, place, now, 1, who, 3))

    def breach(self, who: str) -> None:
        now, place = datetime.now(UTC), Area("05437", "164")
        self.hear(NoteBreach(Kind.QUARANTINE_BREACHED, who, place, now, 1, who, "scanned", "gate-4"))


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    settings = sample_settings(AlertingSettings, drain_seconds=0)
    runtime = Runtime(settings, jwks=sample_jwks(), in_memory=True)
    store = MemoryConditions()
    service = compose(settings, runtime, store, calling_stores(), MemoryAnswers(), MemoryStations())
    app = service.app(Mode.API)
    with serving(app, service.drain) as here:
        yield Served(here.address, here.loop, runtime.works[0], app.state.parts["desk"].feed.broadcast, store)


@pytest.fixture
def served(running: Served) -> Served:
    """An empty inbox."""
    running.store.aggregates.clear()
    running.sequences.clear()
    return running


OpenPage = Callable[..., Page]


@pytest.fixture
def opened(served: Served, devices: Devices) -> OpenPage:
    """Open the inbox signed in as somebody."""

    def open_page(
        role: str = "doctor",
        areas: tuple[str, ...] = ("164",),
        *,
        size: tuple[int, int] = WALL,
        wait_for: str = ".pane",
    ) -> Page:
        bearer = token(role, areas, subject=f"{role}-1", name="BS. Mẫu Bình")
        page = devices.add(bearer, size=size).new_page()
        page.goto(f"{served.address}/inbox")
        page.wait_for_selector(wait_for)
        return page

    return open_page


def rows(page: Page) -> list[str]:
    return page.eval_on_selector_all(".al small:nth-of-type(1)", "all => all.map(e => e.textContent)")  # type: ignore[no-any-return]


def test_a_new_alert_waits_behind_a_button_and_moves_nothing(served: Served, opened: OpenPage) -> None:
    served.risk("person-aaaa")
    page = opened()
    before = rows(page)
    served.risk("person-bbbb")
    button = page.get_by_role("button", name="1 cảnh báo mới")
    expect(button).to_be_visible()
    assert rows(page) == before
    button.click()
    expect(page.locator(".al")).to_have_count(2)


def test_an_empty_inbox_says_that_it_listens_and_rings_the_doctor(served: Served, opened: OpenPage) -> None:
    page = opened()
    expect(page.get_by_text("Không có cảnh báo chờ")).to_be_visible()
    served.risk("person-aaaa")
    row = page.locator(".al")
    expect(row).to_contain_text("SpO₂ 91")
    expect(row).to_contain_text("BN …aaaa")
    expect(row).to_contain_text("gọi bạn")


def test_the_keys_take_the_alert_that_is_selected(served: Served, opened: OpenPage) -> None:
    """J, K and A in one breath: taking whoever was selected a moment ago would be the wrong patient."""
    for number in range(3):
        served.risk(f"person-000{number}")
    page = opened()
    for _ in range(30):
        page.keyboard.press("j")
        page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator(".al").nth(1)).to_contain_text("bạn nhận")
    expect(page.locator(".al.done")).to_have_count(1)
    expect(page.locator(".ladder .taken")).to_contain_text("đồng hồ dừng")


def test_what_others_do_is_seen_where_it_stands(served: Served, opened: OpenPage) -> None:
    served.risk("person-aaaa")
    doctor, station = opened(), opened("health_officer", ("05437",))
    station.get_by_role("button", name="Tôi nhận").click()
    expect(doctor.locator(".al")).to_contain_text("cán bộ y tế nhận")
    served.risk("person-aaaa", "low", is_worse=False)
    expect(doctor.locator(".al")).to_contain_text("đã hết nguyên nhân")
    expect(doctor.locator(".al")).to_have_count(1)


def test_finishing_asks_how_and_keeps_the_note(served: Served, opened: OpenPage) -> None:
    served.risk("person-aaaa")
    page = opened()
    page.locator(".al").click()
    page.keyboard.press("n")
    page.get_by_label("Báo nhầm").check()
    page.get_by_label("Bạn đã làm gì?").fill("Máy đo lỏng, đã đo lại 98.")
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.locator(".al")).to_contain_text("báo nhầm")
    expect(page.get_by_text("Máy đo lỏng, đã đo lại 98.")).to_be_visible()


def test_passing_up_shows_who_is_called_now(served: Served, opened: OpenPage) -> None:
    served.risk("person-aaaa")
    page = opened()
    page.keyboard.press("e")
    expect(page.locator(".ladder .passed")).to_contain_text("đã chuyển lên")
    expect(page.locator(".ladder .here")).to_contain_text("Trạm y tế xã")


def test_taking_without_a_network_is_kept_and_sent_later(served: Served, opened: OpenPage) -> None:
    served.risk("person-aaaa")
    page = opened()
    page.context.set_offline(True)
    served.loop.call_soon_threadsafe(served.send_readers_away)
    expect(page.get_by_role("alert")).to_contain_text("Mất kết nối")
    page.keyboard.press("a")
    expect(page.locator(".al")).to_contain_text("chờ gửi")
    expect(page.locator(".toast")).to_contain_text("hãy gọi điện")
    page.context.set_offline(False)
    expect(page.locator(".al")).to_contain_text("bạn nhận", timeout=30_000)


def test_putting_it_aside_asks_why_and_says_when_it_comes_back(served: Served, opened: OpenPage) -> None:
    served.risk("person-aaaa")
    page = opened()
    page.locator(".al").click()
    page.keyboard.press("s")
    page.get_by_label("Vì sao để sau?").fill("Đang chờ người nhà gọi lại.")
    page.locator("dialog").get_by_role("button", name="Để sau").click()
    expect(page.locator(".al")).to_contain_text("để sau, nhắc lại")
    expect(page.locator(".det")).to_contain_text("Để sau bởi bạn")
    expect(page.locator(".det")).to_contain_text("Đang gọi: Bác sĩ phụ trách")


def test_a_storm_is_one_group_with_its_cause_and_is_taken_at_once(served: Served, opened: OpenPage) -> None:
    for number in range(24):
        served.silence(f"person-{number:04}")
    served.breach("person-cccc")
    page = opened("health_officer", ("164",))
    storm = page.locator(".group", has_text="Người cách ly im lặng")
    expect(storm.locator(".storm")).to_contain_text("Cả xã cùng im lặng")
    expect(page.locator(".boss")).to_contain_text("Trạm chưa trả lời")
    expect(page.locator(".al")).to_have_count(1)
    for size in (WALL, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        pictured(page, "inbox-storm")
    storm.get_by_role("button", name="Nhận cả 24").click()
    expect(page.locator(".toast")).to_contain_text("Bạn đã nhận 24")
    expect(storm.get_by_role("button", name="Nhận cả")).to_have_count(0)


def test_who_does_not_watch_alerts_is_told_whom_the_inbox_is_for(served: Served, opened: OpenPage) -> None:
    page = opened("leader", ("19",), wait_for=".banner")
    expect(page.get_by_role("alert")).to_contain_text("không trực cảnh báo")


@pytest.mark.parametrize("size", [WALL, PHONE], ids=["wall", "phone"])
def test_nothing_is_in_the_way_of_anybody(served: Served, opened: OpenPage, size: tuple[int, int]) -> None:
    served.risk("person-aaaa")
    served.breach("person-cccc")
    page = opened("health_officer", ("164",), size=size)
    page.locator(".al").first.click()
    expect(page.locator("#alert-name")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    found = Axe().run(page)
    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []
