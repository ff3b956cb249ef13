"""The roll-out, the why-trace and the lower panel of the wall in Chromium."""

from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from common.testing.sign_in import token
from common.work.model import Cause, Errand
from ioc_aggregation.domain.resources import AskedLine, Beds, Facility, Request, StockItem, Urgency
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured
from tests.browser.test_wall_page import PATIENT, QUAN_TRIEU, Served, served

__all__ = ["served"]
LAPTOP = (1366, 768)


def opened(
    served: Served, devices: Devices, path: str, role: str, areas: tuple[str, ...], size: tuple[int, int]
) -> Page:
    page = devices.add(token(role, areas, name="Cán Bộ Mẫu"), size=size).new_page()
    page.goto(f"{served.address}{path}")
    page.wait_for_selector(READY)
    return page


def fits(page: Page, name: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    pictured(page, name)


@pytest.mark.parametrize("size", [PHONE, LAPTOP, WALL], ids=["phone", "laptop", "wall"])
def test_keys_choose_the_panel_and_oxygen_that_ends_first_stands_first(
    served: Served, devices: Devices, size: tuple[int, int]
) -> None:
    now = datetime.now(UTC)
    beds = (Beds("oxygen", 20, 2, 14, 4), Beds("icu", 5, 0, 5, 0))
    notes = [
        Facility("bv-a", 1, "hospital", 2, "Bệnh viện Mẫu A", QUAN_TRIEU, beds),
        StockItem("bv-a", QUAN_TRIEU, "oxygen", 1, 48_000, 24_000, now),
        StockItem("tram-1", QUAN_TRIEU, "oxygen", 1, 30_000, 24_000, now - timedelta(hours=26)),
        Request("r-1", 1, "bv-a", QUAN_TRIEU, "asked", now, (AskedLine("oxygen", 12_000),)),
        Urgency("r-1", now, is_urgent=True),
    ]
    errands = [Errand(note, Cause(f"n-{number}")) for number, note in enumerate(notes)]
    served.do(served.resources.run_batch(errands))
    served.tell(QUAN_TRIEU, {**PATIENT, "scans": 40, "scans_refused": 2})
    page = opened(served, devices, "/", "ioc_operator", ("19",), size)
    expect(page.locator(".kpi .n").first).to_have_text("1")
    page.keyboard.press("2")
    rows = page.locator(".oxygen tbody tr")
    expect(rows.nth(0)).to_contain_text("4 giờ")
    expect(rows.nth(0)).to_contain_text("?")
    expect(rows.nth(1)).to_contain_text("Bệnh viện Mẫu A")
    expect(page.locator(".oxygen dl")).to_contain_text("hồi sức 0/5")
    expect(page.locator(".oxygen dl")).to_contain_text("chờ duyệt 1 ▲ 1 khẩn (Oxy 12.000)")
    fits(page, "wall-oxygen")
    page.keyboard.press("3")
    expect(page.locator(".deck tr.total")).to_contain_text("40")
    page.keyboard.press("4")
    expect(page.locator(".deck tbody tr").first).to_contain_text("im lặng")
    pictured(page, "wall-rollout")


def test_a_station_declares_and_is_silent_no_more(served: Served, devices: Devices) -> None:
    page = opened(served, devices, "/trien-khai", "health_officer", (QUAN_TRIEU,), PHONE)
    row = page.get_by_role("region", name="Theo đơn vị").locator("tr.total")
    expect(row).to_contain_text("im lặng")
    for label, number in (
        ("Nhân lực đã", "6"),
        ("Nhân lực cần", "8"),
        ("Thiết bị dùng", "3"),
        ("Thiết bị cần", "2"),
    ):
        page.get_by_label(label).fill(number)
    for label in ("C-ThaiNguyen", "Bluezone", "VHD", "Sổ sức khỏe", "bằng giấy"):
        page.get_by_label(label).fill("0")
    page.get_by_role("button", name="Gửi số liệu").click()
    expect(page.get_by_role("alert")).to_contain_text("không thể lớn hơn")
    page.get_by_label("Thiết bị cần").fill("4")
    page.get_by_role("button", name="Gửi số liệu").click()
    expect(page.get_by_role("status").filter(has_text="Đã nhận số liệu")).to_be_visible()
    expect(row.locator(".score")).to_have_text("56")
    fits(page, "rollout")
    wide = opened(served, devices, "/trien-khai", "leader", ("19",), WALL)
    expect(wide.get_by_role("region", name="Theo đơn vị").locator("tr.total")).to_contain_text(
        "177/178 xã im lặng"
    )
    fits(wide, "rollout")


@pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
def test_from_a_number_on_the_wall_to_the_facts_behind_it(
    served: Served, devices: Devices, size: tuple[int, int]
) -> None:
    for _ in range(3):
        served.tell(QUAN_TRIEU, PATIENT)
    page = opened(served, devices, "/", "ioc_operator", ("19",), size)
    expect(page.locator(".kpi a.n").nth(1)).to_have_text("3")
    page.locator(".kpi a.n").nth(1).click()
    expect(page.locator(".figure b")).to_have_text("3")
    expect(page.locator(".why tbody tr")).to_have_count(3)
    fits(page, "why")
