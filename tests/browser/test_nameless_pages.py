"""Pages that show a file whose name retention removed: they say so, and since when, and show nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from common.kernel.clock import local_day
from common.kernel.forgetting import Forget
from common.testing.sign_in import bearer, token
from common.work.model import Cause
from f0_monitoring.domain.model import CareState
from f0_monitoring.domain.retention import ForgetPatient
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured
from tests.browser.test_intake_pages import served as station
from tests.browser.test_permit_pages import PERSON
from tests.browser.test_permit_pages import served as office

__all__ = ["office", "station"]
SIZES = pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
REMOVED = "Đã xóa họ tên theo thời hạn lưu"
FAR = timedelta(days=400)


def shown(page: Page, name: str) -> None:
    """Keep a picture; nothing sticks out, nothing is inaccessible, nobody is named."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert PERSON["full_name"] not in page.content()
    assert "null" not in page.locator("main").inner_text()
    pictured(page, name)


def opened(devices: Devices, address: str, who: str, size: tuple[int, int]) -> Page:
    page = devices.add(who, size=size).new_page()
    page.goto(address)
    page.wait_for_selector(READY)
    return page


@SIZES
def test_the_record_of_a_patient(station: Any, devices: Devices, size: tuple[int, int]) -> None:
    today = local_day(datetime.now(UTC))
    body = {
        "person": {**PERSON, "cccd": f"01908400{size[0]:04}", "phone": "0912345678"},
        "commune_code": "05434",
        "address": "Tổ 1",
        "tested_on": today.isoformat(),
        "conditions": ["hypertension"],
    }
    officer = bearer("health_officer", ("164",))
    made = httpx.post(f"{station.address}/v1/patients", json=body, headers=officer, timeout=20)
    assert made.status_code == 201, made.text
    person_id = made.json()["person_id"]
    end = {"outcome": "wrongly_declared", "reason": "PCR âm tính"}
    closed = httpx.post(
        f"{station.address}/v1/patients/{person_id}/closing", json=end, headers=officer, timeout=20
    )
    assert closed.status_code == 200, closed.text
    forget = ForgetPatient(person_id, CareState.WRONGLY_DECLARED, today + FAR)
    station.do(station.parts["work"].run(forget, Cause(f"forget-{person_id}")))

    who = token("health_officer", ("164",), name="Trần Mẫu")
    page = opened(devices, f"{station.address}/doctor?person={person_id}", who, size)

    expect(page.locator("#name")).to_have_text(REMOVED)
    expect(page.locator("#names-removed")).to_contain_text(f"{today:%d/%m/%Y}")
    expect(page.locator(".facts")).to_contain_text("ngày")
    shown(page, "nameless-record")


@SIZES
def test_the_permits_of_an_officer_and_of_the_holder(
    office: Any, devices: Devices, size: tuple[int, int]
) -> None:
    person = {**PERSON, "cccd": f"019084{size[0] + 500_000}"}
    permit = office.permit(person=person, purpose="Chở gạo cho siêu thị mẫu")
    back = f"{office.address}/v1/permits/{permit['permit_id']}/revocation"
    why = {"reason": "Giấy cấp nhầm người"}
    reply = httpx.post(back, json=why, headers=bearer("permit_officer"), timeout=20)
    assert reply.status_code == 200, reply.text
    forget = Forget(permit["person_id"], datetime.now(UTC) + FAR)
    office.do(office.works["holders"].run(forget, Cause(f"forget-{permit['permit_id']}")))
    today = f"{local_day(datetime.now(UTC)):%d/%m/%Y}"

    desk = opened(devices, f"{office.address}/permits?v=list", token("permit_officer", name="Mẫu"), size)
    desk.locator(".rq").filter(has_text=REMOVED).first.click()
    expect(desk.locator("article [data-removed]")).to_contain_text(today)
    expect(desk.locator("article h2").first).to_have_text(REMOVED)
    expect(desk.get_by_role("button", name="Gửi khiếu nại thay người đi")).to_have_count(0)
    shown(desk, "nameless-permit")

    me = token("citizen", (), person_id=permit["person_id"], name="Mẫu")
    mine = opened(devices, f"{office.address}/my-permits", me, size)
    expect(mine.locator("article [data-removed]")).to_contain_text(today)
    shown(mine, "nameless-my-permits")
