"""The citizen's page in Chromium: a code from the officer, then declaring with and without a network, for a family."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from common.clocks import FrozenClock
from common.service import Mode, Runtime, Service
from common.testing.bus import MemoryBus
from common.testing.sign_in import bearer, sample_jwks, sample_settings, token
from f0_monitoring.app import compose as compose_care
from f0_monitoring.settings import F0MonitoringSettings
from quarantine.app import compose
from quarantine.settings import QuarantineSettings
from services.quarantine.tests.conftest import Running
from services.quarantine.tests.memory import memory_stores
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured
from tests.browser.serving import Serving, serving

HERE = "05443"
MORNING = datetime(2021, 8, 2, 1, tzinfo=UTC)
"""Eight o'clock in Vietnam: open for declaring, whatever the hour of the test."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@dataclass
class Commune:
    """Quarantine behind a socket, and a family in it."""

    here: Serving
    running: Running
    numbers: int = 0

    @property
    def address(self) -> str:
        return self.here.address

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = bearer("health_officer", [HERE], subject="cb-05443")
        reply = httpx.post(f"{self.address}{path}", json=body, headers=headers, timeout=30)
        assert reply.status_code in (200, 201), reply.text
        return dict(reply.json())

    def order(self, name: str, household: str) -> dict[str, Any]:
        self.numbers += 1
        person = {
            "full_name": name, "cccd": f"0191840{self.numbers:05}", "birth_year": 1984, "sex": "female",
            "phone": "0912 345 678",
        }  # fmt: skip
        return self.post(
            "/v1/cases",
            {
                "person": person, "commune_code": HERE, "address": "Số 12, tổ 3", "category": "f1",
                "place": "home", "last_exposure_on": "2021-08-01", "household_id": household, "confirm": True,
            },
        )  # fmt: skip

    def code(self, person_id: str, *members: str) -> dict[str, Any]:
        return self.post(f"/v1/cases/{person_id}/enrolments", {"members": list(members)})

    def settle(self) -> None:
        """What Kafka does: files hear of declarations."""
        self.here.do(self.running.relay())
        self.here.do(self.running.consume())


@pytest.fixture(scope="module")
def commune() -> Iterator[Commune]:
    port = free_port()
    origin, nobody = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{free_port()}"
    settings = sample_settings(QuarantineSettings, citizen_origin=origin, f0_url=nobody, permit_url=nobody)
    clock = FrozenClock(MORNING)
    runtime = Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True)
    stores = memory_stores()
    service: Service = compose(runtime, stores, settings)

    with serving(service.app(Mode.API), service.drain, port=port) as here:
        running = Running(service, stores, clock, MemoryBus(), client=None)  # type: ignore[arg-type]
        yield Commune(here, running)


def fits(page: Page) -> None:
    """Nothing sticks out to the right, and nothing is inaccessible."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def enrol(phone: BrowserContext, commune: Commune, code: str) -> Page:
    """Scan the QR, agree, enrol."""
    page = phone.new_page()
    page.goto(f"{commune.address}/toi#ma={code}")
    page.wait_for_selector(READY)
    expect(page.locator("[name=code]")).to_have_value(code)
    assert "#" not in page.url
    page.locator("[name=care]").check()
    page.locator("[name=phone]").check()
    page.get_by_role("button", name="Ghi danh", exact=True).click()
    expect(page.locator(".duty h2")).to_have_text("Khai báo sức khỏe")
    return page


def declare_well(page: Page) -> None:
    """Three taps: well, next, send."""
    page.get_by_role("link", name="Tôi khỏe").click()
    page.wait_for_selector(READY)
    page.locator("[data-next=vitals]").click()
    page.locator("[type=submit]").click()


def test_a_family_enrols_once_and_declares_for_everybody_in_three_taps(
    commune: Commune, devices: Devices
) -> None:
    mother, son = commune.order("Nguyễn Thị Mẫu", "ho-a"), commune.order("Nguyễn Thị Bé", "ho-a")
    given = commune.code(mother["person_id"], son["person_id"])
    assert given["link"] == f"{commune.address}/toi#ma={given['code']}"
    phone = devices.add(size=PHONE)
    page = phone.new_page()
    page.goto(f"{commune.address}/toi")
    page.wait_for_selector(READY)
    page.locator("[name=code]").fill("AAAAA-AAAAA")
    page.get_by_role("button", name="Ghi danh", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Cần đồng ý")
    page.locator("[name=care]").check()
    page.locator("[name=phone]").check()
    page.get_by_role("button", name="Ghi danh", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Mã không đúng, đã dùng hoặc đã hết hạn")
    fits(page)
    pictured(page, "toi-enrol")
    page = enrol(phone, commune, given["code"])

    expect(page.locator("#end .end")).to_have_text("Hết Chủ nhật, 15/08/2021")
    expect(page.locator("#end .why")).to_contain_text("14 ngày kể từ lần tiếp xúc cuối")
    fits(page)
    pictured(page, "toi-due")
    declare_well(page)
    expect(page.locator("#receipt")).to_contain_text("CL-")
    receipt = page.locator("#receipt").inner_text()
    commune.settle()
    page.locator("#home").click()
    expect(page.locator(".receipt")).to_contain_text(receipt)
    expect(page.locator(".duty h2")).to_have_text("Hôm nay đã xong")

    page.get_by_role("button", name="Nguyễn Thị Bé").click()
    expect(page.locator(".duty h2")).to_have_text("Khai báo sức khỏe")
    fits(page)
    declare_well(page)
    expect(page.locator("#who")).to_have_text("Nguyễn Thị Bé")
    expect(page.locator("#receipt")).to_contain_text("CL-")
    rows = commune.running.reports.rows.values()
    by = {row.person_id: row.declared_by.value for row in rows}
    assert by[mother["person_id"]] == "self"
    assert by[son["person_id"]] == "relative"

    another = devices.add(size=PHONE).new_page()
    another.goto(f"{commune.address}/toi#ma={given['code']}")
    another.wait_for_selector(READY)
    another.locator("[name=care]").check()
    another.locator("[name=phone]").check()
    another.get_by_role("button", name="Ghi danh", exact=True).click()
    expect(another.get_by_role("alert")).to_contain_text("đã dùng")


def test_a_declaration_without_a_network_survives_the_closed_tab_and_is_sealed(
    commune: Commune, devices: Devices
) -> None:
    me = commune.order("Trần Thị Mẫu", "ho-b")
    phone = devices.add(size=PHONE)
    page = enrol(phone, commune, commune.code(me["person_id"])["code"])
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator(".duty h2")).to_have_text("Khai báo sức khỏe")

    phone.set_offline(True)
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator(".strip")).to_contain_text("Không có mạng")
    expect(page.locator("#end .end")).to_contain_text("15/08/2021")
    pictured(page, "toi-offline")
    page.get_by_role("link", name="Tôi khỏe").click()
    page.wait_for_selector(READY)
    page.fill("#temperature_celsius", "36,9")
    page.locator("[data-next=vitals]").click()
    page.locator("[type=submit]").click()
    expect(page.locator("#done-title")).to_be_visible()
    kept = page.evaluate(
        """async () => {
          const open = indexedDB.open('lachan-outbox');
          const db = await new Promise(done => { open.onsuccess = () => done(open.result); });
          const ask = db.transaction('records').objectStore('records').getAll();
          const rows = await new Promise(done => { ask.onsuccess = () => done(ask.result); });
          return rows.map(row => [Object.keys(row).sort().join(), JSON.stringify(row)]);
        }"""
    )
    assert len(kept) == 1
    assert "json" not in kept[0][0].split(",")
    assert "36.9" not in kept[0][1]
    page.close()
    assert not [r for r in commune.running.reports.rows.values() if r.person_id == me["person_id"]]

    phone.set_offline(False)
    page = phone.new_page()
    page.goto(f"{commune.address}/toi")
    expect(page.locator(".receipt")).to_contain_text("CL-")
    [row] = [r for r in commune.running.reports.rows.values() if r.person_id == me["person_id"]]
    assert row.temperature_celsius == 36.9
    page.reload()
    expect(page.locator(".receipt")).to_contain_text(row.receipt)


def test_people_see_who_read_take_their_data_and_leave(commune: Commune, devices: Devices) -> None:
    me = commune.order("Lê Thị Mẫu", "ho-c")
    phone = devices.add(size=PHONE, accept_downloads=True)
    page = enrol(phone, commune, commune.code(me["person_id"])["code"])

    expect(page.locator(".line").last).to_contain_text("Cán bộ y tế")
    with page.expect_download() as started:
        page.get_by_role("button", name="Tải về").click()
    text = started.value.path().read_text("utf-8")
    assert "Lê Thị Mẫu" in text
    assert "declarations" in text
    page.get_by_role("button", name="A+").or_(page.get_by_role("button", name="Chữ to")).first.click()
    fits(page)
    pictured(page, "toi-large")
    page.get_by_role("button", name="English").click()
    expect(page.locator("#end h2")).to_have_text("When does it end?")
    fits(page)
    page.get_by_role("button", name="Tiếng Việt").click()
    page.get_by_role("button", name="Xóa, bỏ ghi danh").click()
    fits(page)
    page.get_by_role("button", name="Xóa ngay").click()
    expect(page.locator("#kept")).to_contain_text("365 ngày")
    page.get_by_role("button", name="Đóng").click()
    expect(page.locator("[name=code]")).to_be_visible()
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator("[name=code]")).to_be_visible()
    left = page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('lachan.declares'))")
    assert left == []


@pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
def test_an_officer_gives_a_code_and_blocks_a_lost_phone(
    commune: Commune, devices: Devices, size: tuple[int, int]
) -> None:
    name = f"Phạm Thị {'Một' if size == PHONE else 'Hai'}"
    me = commune.order(name, f"ho-{size[0]}")
    officer = devices.add(token("health_officer", [HERE], name="Cán bộ Mẫu"), size=size).new_page()
    officer.goto(f"{commune.address}/cases")
    officer.wait_for_selector(READY)
    officer.get_by_role("button", name=name, exact=True).first.click()
    officer.get_by_role("button", name="Cấp mã cho điện thoại").click()
    officer.get_by_role("button", name="Tạo mã").click()
    expect(officer.locator("#code img")).to_be_visible()
    code = officer.locator("#code b").inner_text()
    fits(officer)
    pictured(officer, "cases-code")
    phone = devices.add(size=PHONE)
    page = enrol(phone, commune, code)
    officer.get_by_role("button", name="Đóng").click()
    officer.get_by_role("button", name="Khóa máy").click()
    expect(officer.get_by_text("đã khóa")).to_be_visible()
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("không còn được ghi danh")
    page.get_by_role("button", name="Nhập mã mới").click()
    expect(page.locator("[name=code]")).to_be_visible()
    assert me["person_id"]


def test_the_page_can_be_installed(commune: Commune, devices: Devices) -> None:
    page = devices.add(size=PHONE).new_page()
    page.goto(f"{commune.address}/toi")
    page.wait_for_selector(READY)
    manifest = page.evaluate(
        "fetch(document.querySelector('link[rel=manifest]').href).then(reply => reply.json())"
    )
    assert (manifest["start_url"], manifest["display"]) == ("/toi", "standalone")
    for icon in manifest["icons"]:
        assert httpx.get(f"{commune.address}{icon['src']}").status_code == 200
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}


@pytest.fixture(scope="module")
def two_services() -> Iterator[tuple[Commune, Serving, Any]]:
    """Quarantine and F0 care on two origins: the second asks the first for its key, as in a province."""
    house = import_module("services.f0-monitoring.tests.conftest")
    here, there = free_port(), free_port()
    origin, f0_url = f"http://127.0.0.1:{here}", f"http://127.0.0.1:{there}"
    settings = sample_settings(
        QuarantineSettings,
        citizen_origin=origin,
        f0_url=f0_url,
        permit_url=f"http://127.0.0.1:{free_port()}",
    )
    clock = FrozenClock(MORNING)
    stores = memory_stores()
    runtime = Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True)
    quarantine = compose(runtime, stores, settings)
    care_stores = house.memory_stores()
    care_settings = sample_settings(
        F0MonitoringSettings, citizen_origin=origin, quarantine_url=f"{origin}/cases"
    )
    care = compose_care(
        Runtime(care_settings, clock=FrozenClock(MORNING), jwks=sample_jwks(), in_memory=True),
        care_stores,
        care_settings,
    )
    with (
        serving(quarantine.app(Mode.API), quarantine.drain, port=here) as first,
        serving(care.app(Mode.API), care.drain, port=there) as second,
    ):
        running = Running(quarantine, stores, clock, MemoryBus(), client=None)  # type: ignore[arg-type]
        yield Commune(first, running), second, (care, care_stores)


def test_an_enrolled_phone_declares_to_f0_care_on_its_own_origin(
    two_services: tuple[Commune, Serving, Any], devices: Devices
) -> None:
    commune, care, (_, care_stores) = two_services
    me = commune.order("Vũ Thị Mẫu", "ho-f0")
    declared = httpx.post(
        f"{care.address}/v1/patients",
        json={
            "person": {
                "full_name": "Vũ Thị Mẫu", "cccd": f"0191840{commune.numbers:05}", "birth_year": 1984,
                "sex": "female", "phone": "0912 345 678",
            },
            "commune_code": HERE, "address": "Số 12, tổ 3", "tested_on": "2021-08-02", "conditions": [],
            "pregnant": False, "vaccination_doses": 2,
        },
        headers=bearer("health_officer", ["164"]),
        timeout=30,
    )  # fmt: skip
    assert declared.status_code == 201, declared.text
    assert declared.json()["person_id"] == me["person_id"]
    phone = devices.add(size=PHONE)
    page = phone.new_page()
    page.goto(f"{commune.address}/toi#ma={commune.code(me['person_id'])['code']}")
    page.wait_for_selector(READY)
    page.locator("[name=care]").check()
    page.locator("[name=phone]").check()
    page.get_by_role("button", name="Ghi danh", exact=True).click()
    expect(page.get_by_text("theo dõi tại nhà", exact=False).first).to_be_visible()
    page.goto(f"{commune.address}/khai-bao?loai=f0&khoe=1&nguoi={me['person_id']}")
    page.wait_for_selector(READY)
    for name, value in {"spo2_percent": "98", "temperature_celsius": "36,8", "pulse_per_minute": "77",
                        "breaths_per_minute": "16"}.items():  # fmt: skip
        page.fill(f"#{name}", value)
    page.locator("[data-next=vitals]").click()
    page.locator("[type=submit]").click()
    expect(page.locator("#done-title")).to_have_text("Đã gửi khai báo")
    [row] = care_stores.reports.rows.values()
    assert (row.person_id, row.vitals.spo2_percent) == (me["person_id"], 98)

    page.goto(f"{commune.address}/toi")
    visit = page.locator("#visit")
    visit.get_by_role("button", name="Xin khám qua video").click()
    expect(visit).to_contain_text("Đã xin, chờ bác sĩ hẹn giờ")
    fits(page)
    assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
    pictured(page, "toi-visit")
    visit.get_by_role("button", name="Vào phòng khám").click()
    page.wait_for_url(f"{care.address}/kham/phong?c=*")
    expect(page.locator("h1[tabindex]")).to_be_visible()
    expect(page.get_by_role("link", name="115")).to_be_visible()


def test_an_enrolled_phone_is_asked_to_check_in_and_answers(commune: Commune, devices: Devices) -> None:
    mother, son = commune.order("Hoàng Thị Mẫu", "ho-d"), commune.order("Hoàng Văn Mẫu", "ho-d")
    commune.settle()
    where = {"latitude": 21.594, "longitude": 105.848, "accuracy": 12.0}
    phone = devices.add(size=PHONE, geolocation=where, permissions=["geolocation"])
    page = enrol(phone, commune, commune.code(mother["person_id"], son["person_id"])["code"])
    commune.post(f"/v1/cases/{son['person_id']}/check-ins", {})
    page.reload()
    page.wait_for_selector(READY)
    page.get_by_role("button", name="Hoàng Văn Mẫu").click()
    expect(page.locator("#asked h2")).to_contain_text("Trả lời trước 08:15")
    fits(page)
    pictured(page, "toi-asked")

    page.get_by_role("link", name="Trả lời ngay").click()
    page.wait_for_selector(READY)
    expect(page.locator("#check-in h2")).to_contain_text("Hoàng Văn Mẫu")
    page.get_by_role("button", name="Đang ở cạnh tôi, tại nhà").click()

    expect(page.locator("#told")).to_contain_text("Đã ghi nơi cách ly")
    state = commune.here.do(commune.running.stores.supervisions.get(son["person_id"]))
    assert state.recent[-1].verdict.value == "inside"
    assert state.recent[-1].seen_at is not None
