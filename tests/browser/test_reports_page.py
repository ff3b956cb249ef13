"""The report of a day as a leader reads it: on a phone and on a screen, taken away, and for the public."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from common.kernel.clock import local_day
from common.testing.sign_in import token
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured
from tests.browser.test_wall_page import Served, served

__all__ = ["served"]
DAY = timedelta(days=1)


def opened(
    served: Served, devices: Devices, role: str, areas: tuple[str, ...], size: tuple[int, int]
) -> Page:
    page = devices.add(token(role, areas, name="Lãnh Đạo Mẫu"), size=size).new_page()
    page.goto(f"{served.address}/bao-cao")
    page.wait_for_selector(READY)
    return page


@pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
def test_a_leader_reads_yesterday_takes_it_away_and_makes_the_public_one(
    served: Served, devices: Devices, size: tuple[int, int]
) -> None:
    served.tell("05431", {"f0_new": 7, "f0_active": 7}, ago=DAY)
    served.tell("05908", {"f0_new": 2, "f0_active": 2}, ago=DAY)
    page = opened(served, devices, "leader", ("19",), size)
    total = page.locator("tr.total")
    expect(total.locator("td").first).to_have_text("9")
    expect(page.get_by_role("row", name="Huyện Phú Bình").locator("td").first).to_have_text("2")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    pictured(page, "report")

    page.get_by_label(re.compile("^Bản")).select_option("public")
    expect(page.get_by_role("row", name="Huyện Phú Bình").locator("td").first).to_have_text("<5")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Tải XLSX").click()
    assert taken.value.suggested_filename.startswith("bao-cao-cong-khai-19-")
    with taken.value.path().open("rb") as file:
        sheet = load_workbook(io.BytesIO(file.read()))["Báo cáo ngày"]
    assert [cell.value for cell in sheet[5]][:2] == ["Tỉnh Thái Nguyên", 9]


def test_a_day_that_has_not_come_is_answered_in_words(served: Served, devices: Devices) -> None:
    page = opened(served, devices, "leader", ("19",), PHONE)
    page.get_by_label("Ngày").fill("2099-01-01")
    expect(page.get_by_role("alert")).to_contain_text("Hãy chọn một ngày từ")


def test_an_officer_gets_the_own_commune_only(served: Served, devices: Devices) -> None:
    page = opened(served, devices, "health_officer", ("05431",), PHONE)
    expect(page.get_by_label("Địa bàn").locator("option")).to_have_count(1)
    expect(page.get_by_text("Báo cáo tự gửi")).to_have_count(0)


def test_a_device_whose_clock_is_wrong_asks_for_yesterday_of_the_centre(
    served: Served, devices: Devices
) -> None:
    page = devices.add(token("leader", ("19",), name="Lãnh Đạo Mẫu"), size=PHONE).new_page()
    page.clock.install(time=datetime.now(UTC) + timedelta(days=40))
    page.goto(f"{served.address}/bao-cao")
    page.wait_for_selector(READY)
    yesterday = local_day(datetime.now(UTC) - DAY)
    expect(page.get_by_label("Ngày")).to_have_value(yesterday.isoformat())
    expect(page.get_by_role("alert")).to_have_count(0)
