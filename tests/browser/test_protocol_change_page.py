"""A change of protocols on the officer's page in Chromium: seen before, applied after midnight, by keyboard."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from common.clocks import FrozenClock
from common.kernel.areas import Actor
from common.people.body import PersonBody
from common.service import Mode, Runtime
from common.testing.sign_in import sample_jwks, sample_settings, token
from common.work.model import Cause
from quarantine.app import compose
from quarantine.domain.model import Category, Place
from quarantine.settings import QuarantineSettings
from quarantine.views.requests import QuarantineOrderBody
from services.quarantine.tests.memory import memory_stores
from tests.browser.devices import PHONE, WALL, Devices
from tests.browser.serving import Serving, serving

DISTRICT = Actor("cb-164", frozenset({"health_officer"}), frozenset({"164"}))
EVE = datetime(2021, 12, 15, 3, tzinfo=UTC)
MIDNIGHT = datetime(2021, 12, 15, 17, tzinfo=UTC)
FAMILY, GIVEN = ("Nguyễn", "Trần", "Lê", "Phạm"), ("Mẫu An", "Mẫu Bình", "Mẫu Chi", "Mẫu Dung")


@dataclass
class Served(Serving):
    """The service on memory stores behind a real socket, at a standing clock."""

    parts: dict[str, Any]
    cases: Any
    clock: FrozenClock

    def order(self, number: int, exposed_on: date, *, doses: int = 2, commune: str = "05443") -> None:
        """Order an F1 into quarantine as an officer would."""
        name = f"{FAMILY[number % 4]} {GIVEN[number // 4 % 4]}"
        who = {"full_name": name, "passport": f"B12345{number:02}", "birth_year": 1990, "sex": "male"}
        body = QuarantineOrderBody(
            person=PersonBody.model_validate(who),
            commune_code=commune,
            address="Số 12, tổ 3",
            category=Category.F1,
            place=Place.HOME,
            last_exposure_on=exposed_on,
            vaccination_doses=doses,
            confirm=True,
        )
        command = self.do(self.parts["intake"].to_order(body, DISTRICT))
        self.do(self.parts["work"].run(command, Cause(f"order-{number}")))


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    clock = FrozenClock(EVE)
    settings = sample_settings(QuarantineSettings, drain_seconds=0)
    stores = memory_stores()
    service = compose(Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True), stores, settings)
    app = service.app(Mode.API)
    with serving(app, service.drain) as here:
        yield Served(here.address, here.loop, app.state.parts, stores.cases, clock)


@pytest.fixture
def served(running: Served) -> Served:
    """On the eve of 10696: three F1 who will be moved, two who will end at once, in two communes."""
    running.cases.aggregates.clear()
    running.clock.set(EVE)
    for number in range(3):
        running.order(number, date(2021, 12, 14), doses=number, commune="05443" if number else "05434")
    running.order(3, date(2021, 12, 7))
    running.order(4, date(2021, 12, 8))
    return running


OpenPage = Callable[..., Page]


@pytest.fixture
def opened(served: Served, devices: Devices) -> OpenPage:
    """Open the officer's page signed in as somebody."""

    def open_page(role: str = "health_officer", *, size: tuple[int, int] = WALL) -> Page:
        bearer = token(role, ("164",), subject=f"{role}-1", name="Y sĩ Mẫu Bình")
        page = devices.add(bearer, size=size).new_page()
        page.goto(f"{served.address}/cases")
        page.wait_for_selector(".duties", timeout=30_000)
        return page

    return open_page


def tally(page: Page) -> list[str]:
    return page.locator(".tally dd").all_text_contents()


def test_the_evening_before_the_page_says_what_changes_at_midnight(served: Served, opened: OpenPage) -> None:
    page = opened()
    expect(page.locator(".banner")).to_contain_text("lúc 00:00 ngày 16/12/2021")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", name="Thay đổi quy định lúc 00:00 ngày 16/12/2021")).to_be_visible()
    expect(page.locator("#change")).to_be_focused()
    expect(page.locator(".shift")).to_have_count(5)
    assert tally(page) == ["3", "2", "0", "0", "0"]
    expect(page.locator(".shift").filter(has_text="Kết thúc ngay").first).to_contain_text("10696/BYT-MT")
    expect(page.get_by_text("Áp dụng được từ 00:00 ngày đó")).to_be_visible()
    expect(page.get_by_role("button", name="Áp dụng cho")).to_have_count(0)


def test_after_midnight_one_button_applies_what_was_seen(served: Served, opened: OpenPage) -> None:
    served.clock.set(MIDNIGHT)
    page = opened()
    page.get_by_role("button", name="Xem và áp dụng").press("Enter")
    page.get_by_role("button", name="Áp dụng cho 5 hồ sơ").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Ai đã đủ ngày được kết thúc cách ly ngay")
    dialog.get_by_role("button", name="Áp dụng cho 5 hồ sơ").press("Enter")
    expect(page.locator(".toast")).to_contain_text("Đã áp dụng cho 5 hồ sơ")
    expect(page.get_by_text("Không hồ sơ nào phải đổi")).to_be_visible()
    assert tally(page) == ["0", "0", "0", "0", "3"]
    expect(page.locator("#change")).to_be_focused()


def test_a_document_that_is_not_adopted_can_be_tried_and_not_applied(
    served: Served, opened: OpenPage
) -> None:
    page = opened()
    page.get_by_role("button", name="Đổi quy định").click()
    page.get_by_label("Theo văn bản").select_option("1909-byt-dp")
    expect(page.get_by_text("Xem thử, chưa áp dụng:")).to_be_visible()
    page.get_by_label("Xem ngày").fill("2021-12-15")
    expect(page.locator(".tally dd").nth(1)).to_have_text("5")
    expect(page.get_by_text("không phải cách ly, theo 1909/BYT-DP").first).to_be_visible()
    expect(page.get_by_text("Đây là xem thử")).to_be_visible()


def test_the_panel_speaks_english_too(served: Served, opened: OpenPage) -> None:
    page = opened()
    page.get_by_role("button", name="Đổi quy định").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Change of rules at 00:00 on 16/12/2021")).to_be_visible()
    expect(page.locator(".tally")).to_contain_text("Ends at once")


def test_a_day_that_is_gone_is_refused_in_words(served: Served, opened: OpenPage) -> None:
    page = opened()
    page.get_by_role("button", name="Đổi quy định").click()
    page.get_by_label("Xem ngày").fill("2021-12-01")
    expect(page.get_by_role("alert")).to_contain_text("từ hôm nay đến một năm tới")


@pytest.mark.parametrize("size", [WALL, PHONE])
def test_the_panel_is_in_nobodys_way(served: Served, opened: OpenPage, size: tuple[int, int]) -> None:
    served.clock.set(MIDNIGHT)
    width, page = size[0], opened(size=size)
    page.get_by_role("button", name="Xem và áp dụng").click()
    expect(page.locator(".shift")).to_have_count(5)
    if folder := os.environ.get("LACHAN_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"protocol-change-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []
    page.get_by_role("button", name="Áp dụng cho 5 hồ sơ").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    if folder:
        page.screenshot(path=Path(folder) / f"protocol-change-dialog-{width}.png")
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []


def test_a_positive_test_ends_the_quarantine_and_says_that_care_begins(
    served: Served, opened: OpenPage
) -> None:
    page = opened()
    page.get_by_role("searchbox").fill(f"{FAMILY[0]} {GIVEN[0]}")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("button", name=re.compile("^Quyết định")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Dương tính").check()
    dialog.get_by_label("Ngày có kết quả").fill("2021-12-15")
    expect(dialog.get_by_label("Lý do")).to_have_count(0)
    dialog.get_by_role("button", name="Ký và gửi").click()
    expect(page.locator(".toast")).to_contain_text("hồ sơ F0 tự mở")
    told = [entry.type for entry in served.cases.facts()]
    assert told.count("quarantine.contact-became-f0.v1") == 1
