"""The plan of duty in Chromium: written down for the week, changed by hand for today, seen by unit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from common.clocks import FrozenClock
from common.kernel.areas import Actor
from common.service import Mode
from common.testing.sign_in import token
from services.alerting.tests.calls import Town, town
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured
from tests.browser.serving import Serving, serving

pytestmark = pytest.mark.browser
TUESDAY = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)
"""Noon in Vietnam."""
HUSBAND = Actor("doctor-thay", frozenset({"doctor"}), frozenset({"164"}))


@dataclass
class Served:
    at: Serving
    town: Town


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    here = town(FrozenClock(TUESDAY), "sms")
    with serving(here.service.app(Mode.API), here.service.drain) as at:
        at.do(here.register(HUSBAND, "sms"))
        yield Served(at, here)


def opened(served: Served, devices: Devices, who: str, size: tuple[int, int], *channels: str) -> Page:
    actor = Actor(who, frozenset({"doctor"}), frozenset({"164"}))
    served.at.do(served.town.register(actor, *channels))
    bearer = token("doctor", ("164",), subject=who, name="BS. Mẫu Bình")
    page = devices.add(bearer, size=size).new_page()
    page.goto(f"{served.at.address}/truc-canh-bao")
    page.wait_for_selector(READY, state="attached")
    return page


@pytest.mark.parametrize("size", [WALL, PHONE], ids=["wall", "phone"])
def test_a_doctor_plans_her_week_and_is_on_call(
    served: Served, devices: Devices, size: tuple[int, int]
) -> None:
    who = f"doctor-{size[0]}"
    page = opened(served, devices, who, size, "sms")
    now, unit = page.locator("#duty-now"), page.get_by_role("article", name="bác sĩ")
    expect(now).to_contain_text("Bạn không trực lúc này")
    expect(unit).to_contain_text("Không ai trực lúc này")
    page.get_by_role("button", name="Thêm giờ trực").click()
    page.get_by_role("combobox", name="Thứ", exact=True).select_option(label="Thứ Ba")
    page.get_by_label("Từ", exact=True).fill("07:00")
    page.get_by_label("Đến", exact=True).fill("07:00")
    expect(page.get_by_text("Trực cả ngày, 24 giờ.")).to_be_visible()
    page.get_by_label("Đến", exact=True).fill("19:00")
    expect(page.get_by_text("Lịch chưa được ghi.")).to_be_visible()
    page.get_by_role("button", name="Ghi lịch tuần").click()
    expect(now).to_contain_text("Bạn đang trực đến 19:00 01-09")
    expect(unit.get_by_role("listitem")).to_have_text(f"{who} đến 19:00 01-09")
    expect(unit).to_contain_text("Người thay: ")
    expect(unit).to_contain_text("doctor-thay")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    found = Axe().run(page)
    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []
    pictured(page, "on-call")

    page.get_by_role("combobox", name="Trong bao lâu").select_option(label="4 giờ")
    page.get_by_role("button", name="Tôi nghỉ trực").click()
    expect(page.get_by_text("Bạn đã báo nghỉ trực đến 16:00 01-09.")).to_be_visible()
    expect(unit).to_contain_text("Không ai trực lúc này")
    page.reload()
    page.wait_for_selector(READY, state="attached")
    expect(page.get_by_role("combobox", name="Thứ", exact=True)).to_have_value("1")
    page.get_by_role("button", name="Trở lại theo lịch tuần").click()
    expect(now).to_contain_text("Bạn đang trực đến 19:00")
    page.get_by_role("button", name="Xóa giờ trực Thứ Ba từ 07:00").click()
    page.get_by_role("button", name="Ghi lịch tuần").click()
    expect(now).to_contain_text("Bạn không trực lúc này")


def test_standing_in_at_once_and_without_a_network(served: Served, devices: Devices) -> None:
    page = opened(served, devices, "doctor-night", PHONE, "sms")
    page.context.set_offline(True)
    page.get_by_role("button", name="Tôi trực ngay bây giờ").click()
    expect(page.get_by_role("alert")).to_contain_text("Không gửi được")
    page.context.set_offline(False)
    page.get_by_role("button", name="Tôi trực ngay bây giờ").click()
    expect(page.locator("#duty-now")).to_contain_text("Bạn đang trực đến 00:00 02-09")
    expect(page.get_by_text("Bạn đã báo trực thay đến 00:00 02-09.")).to_be_visible()
    page.get_by_role("link", name="Cách tôi được gọi").click()
    expect(page.get_by_role("link", name="Lịch trực cảnh báo")).to_be_visible()


def test_whom_no_channel_reaches_is_told_so_and_not_counted(served: Served, devices: Devices) -> None:
    page = opened(served, devices, "doctor-silent", PHONE)
    page.get_by_role("button", name="Tôi trực ngay bây giờ").click()
    expect(page.get_by_role("alert")).to_contain_text("Chưa kênh nào gọi được bạn")
    expect(page.get_by_role("article", name="bác sĩ")).not_to_contain_text("doctor-silent")
