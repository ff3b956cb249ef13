"""Somebody whom only F0 care knows: the station gives a code from her record, she declares on her phone, her son joins."""

from datetime import timedelta
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from common.contracts.codec import to_record
from common.service import Service
from common.testing.sign_in import bearer, token
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured
from tests.browser.test_citizen_page import (
    HERE,
    Commune,
    fits,
    two_services,  # noqa: F401
)

NAME = "Đỗ Thị Mẫu"


def declared_f0(address: str, cccd: str) -> str:
    """The station opens a record for somebody who never was in quarantine."""
    reply = httpx.post(
        f"{address}/v1/patients",
        json={
            "person": {
                "full_name": NAME, "cccd": cccd, "birth_year": 1984, "sex": "female", "phone": "0912 345 678",
            },
            "commune_code": HERE, "address": "Số 9, tổ 1", "tested_on": "2021-08-02", "conditions": [],
            "pregnant": False, "vaccination_doses": 2,
        },
        headers=bearer("health_officer", ["164"]),
        timeout=30,
    )  # fmt: skip
    assert reply.status_code == 201, reply.text
    return str(reply.json()["person_id"])


def carry(care: Service, commune: Commune) -> None:
    """What Kafka does: quarantine hears what F0 care told."""

    async def told() -> None:
        for store in care.runtime.stores:
            for unsent in await store.unsent(10_000):
                await commune.running.bus.publish([to_record(entry) for entry in unsent.entries])
                await store.clear([unsent])

    commune.here.do(told())
    commune.settle()


def code_from_the_record(officer: Page, address: str, patient: str) -> str:
    officer.goto(f"{address}/doctor?person={patient}")
    officer.wait_for_selector(READY)
    officer.get_by_role("button", name="Cấp mã cho điện thoại").click()
    officer.get_by_role("button", name="Tạo mã").click()
    expect(officer.locator("#code img")).to_be_visible()
    return officer.locator("#code b").inner_text()


def agree_and_enrol(page: Page) -> None:
    page.locator("[name=care]").check()
    page.locator("[name=phone]").check()
    page.get_by_role("button", name="Ghi danh", exact=True).click()


def test_a_patient_without_a_quarantine_file_enrols_declares_and_shares_the_phone(
    two_services: tuple[Commune, Any, Any],  # noqa: F811
    devices: Devices,
) -> None:
    commune, care, (service, care_stores) = two_services
    patient = declared_f0(care.address, "019184077001")
    officer = devices.add(token("health_officer", [HERE], name="Cán bộ Mẫu"), size=WALL).new_page()
    officer.goto(f"{care.address}/doctor?person={patient}")
    officer.wait_for_selector(READY)
    officer.get_by_role("button", name="Cấp mã cho điện thoại").click()
    officer.get_by_role("button", name="Tạo mã").click()
    expect(officer.get_by_role("alert")).to_contain_text(
        "thử lại sau một phút"
    )  # its fact is still under way
    carry(service, commune)
    code = code_from_the_record(officer, care.address, patient)
    pictured(officer, "doctor-code")

    phone = devices.add(size=PHONE, accept_downloads=True)
    page = phone.new_page()
    page.goto(f"{commune.address}/toi#ma={code}")
    page.wait_for_selector(READY)
    agree_and_enrol(page)
    expect(page.get_by_role("banner")).to_contain_text(NAME)
    expect(page.locator(".duty h2")).to_have_text("Khai lần tới từ 14:00 đến 21:00")
    commune.running.clock.move(timedelta(hours=7))
    service.runtime.clock.move(timedelta(hours=7))
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator(".duty h2")).to_have_text("Khai báo sức khỏe")
    expect(page.get_by_text("theo dõi tại nhà", exact=False).first).to_be_visible()
    expect(page.locator(".line").first).to_contain_text("Cán bộ y tế")
    fits(page)
    pictured(page, "toi-f0-only")
    page.get_by_role("link", name="Tôi khỏe").click()
    page.wait_for_selector(READY)
    for name, value in {"spo2_percent": "98", "temperature_celsius": "36,8", "pulse_per_minute": "77",
                        "breaths_per_minute": "16"}.items():  # fmt: skip
        page.fill(f"#{name}", value)
    page.locator("[data-next=vitals]").click()
    page.locator("[type=submit]").click()
    expect(page.locator("#done-title")).to_have_text("Đã gửi khai báo")
    [row] = [one for one in care_stores.reports.rows.values() if one.person_id == patient]
    assert (row.vitals.spo2_percent, row.declared_by.value) == (98, "self")

    page.locator("#home").click()
    page.wait_for_selector(READY)
    expect(page.locator(".receipt")).to_be_visible()
    expect(page.locator(".line").first).to_contain_text("Cán bộ y tế")
    with page.expect_download() as started:
        page.get_by_role("button", name="Tải về").click()
    taken = started.value.path().read_text("utf-8")
    assert NAME in taken
    assert row.report_id in taken

    son = commune.order("Đỗ Văn Mẫu", "ho-son")
    page.get_by_role("button", name="Thêm người bằng mã khác").click()
    page.locator("[name=code]").fill(commune.code(son["person_id"])["code"])
    fits(page)
    pictured(page, "toi-add")
    agree_and_enrol(page)
    family = page.get_by_role("navigation", name="Người trong nhà")
    expect(family.get_by_role("button")).to_have_count(2)
    family.get_by_role("button", name="Đỗ Văn Mẫu").click()
    expect(page.locator("#end .end")).to_contain_text("15/08/2021")
    page.reload()
    page.wait_for_selector(READY)
    expect(family.get_by_role("button", name=NAME)).to_be_visible()
    fits(page)
    pictured(page, "toi-f0-family")
    page.set_viewport_size({"width": WALL[0], "height": WALL[1]})
    fits(page)
    pictured(page, "toi-f0-family")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})

    officer.get_by_role("button", name="Đóng").click()
    officer.get_by_role("button", name="Khóa máy").click()
    expect(officer.get_by_text("đã khóa")).to_be_visible()
    pictured(officer, "doctor-blocked")
    officer.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    fits(officer)
    pictured(officer, "doctor-blocked")
    page.reload()
    page.wait_for_selector(READY)
    expect(page.get_by_role("alert")).to_contain_text("không còn được ghi danh")
    page.get_by_role("button", name="Nhập mã mới").click()
    page.get_by_role("button", name="Quay lại").click()
    expect(page.locator("#end .end")).to_contain_text("15/08/2021")  # the son's code is good as before
