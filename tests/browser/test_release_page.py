"""An officer ends a stay: too early it is refused with the day, on its day it is done and leaves the work of today."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from common.testing.sign_in import token
from tests.browser.devices import PHONE, READY, Devices, pictured
from tests.browser.test_citizen_page import (
    HERE,
    Commune,
    commune,  # noqa: F401
    fits,
)

NAME = "Bùi Thị Mẫu"


def ask_for_release(page: Page) -> None:
    """Open the person, then the order, and choose to end the stay as completed."""
    page.get_by_role("button", name=NAME, exact=True).first.click()
    page.locator(".mems").get_by_role("button", name=f"Quyết định cho {NAME}").click()
    page.get_by_role("radio", name="Kết thúc").check()
    page.get_by_role("button", name="Ký và gửi").click()


def test_a_stay_is_ended_on_its_day_and_not_before(commune: Commune, devices: Devices) -> None:  # noqa: F811
    person = commune.order(NAME, "ho-release")
    page = devices.add(token("health_officer", [HERE], name="Cán bộ Mẫu"), size=PHONE).new_page()
    page.goto(f"{commune.address}/cases")
    page.wait_for_selector(READY)
    ask_for_release(page)
    expect(page.get_by_role("alert")).to_contain_text("có thể kết thúc từ")
    fits(page)
    pictured(page, "cases-release-early")

    commune.running.clock.move(timedelta(days=14))
    page.reload()
    page.wait_for_selector(READY)
    ask_for_release(page)

    expect(page.get_by_text(f"Đã kết thúc cách ly của {NAME}.")).to_be_visible()
    stored = commune.here.do(commune.running.cases.get(person["person_id"]))
    assert stored is not None
    assert stored.stay is not None
    assert stored.stay.ending is not None
    assert stored.stay.ending.outcome.value == "completed"
    pictured(page, "cases-released")
