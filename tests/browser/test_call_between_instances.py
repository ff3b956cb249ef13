"""Doctor and patient at two processes of the service that share MongoDB alone; one of them is killed meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from common.clocks import SystemClock
from common.kernel.clock import local_day
from deploy.local import coturn, services
from deploy.local.checkout import free_ports
from deploy.local.services import Place
from deploy.local.stack import Database, Stack
from tests.browser.clinic import PERSON, ROSTER, turnserver
from tests.browser.devices import PHONE, READY, WALL, Devices
from tests.browser.test_call_page import FRAMES, PATH, SOON, WATCH_PEERS, faked, grows

__all__ = ["faked"]
DOCTORS, PATIENTS = "f0-monitoring-api", "f0-monitoring-api-2"


@dataclass
class Pods:
    """Two instances, and what their people do over HTTP."""

    stack: Stack
    doctors: str
    patients: str

    def ask(self, method: str, path: str, who: str, body: object = None) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {who}"}
        reply = httpx.request(method, f"{self.doctors}{path}", json=body, headers=headers, timeout=60)
        assert reply.is_success, reply.text
        found: dict[str, str] = reply.json()
        return found


@pytest.fixture(scope="module")
def pods(mongod: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pods]:
    folder, ports = tmp_path_factory.mktemp("pods"), free_ports()
    database = {"F0_MONITORING_MONGO_DATABASE": f"calls_{ports.start}"}
    stack = Stack(Place(folder, ports, mongod.uri, "127.0.0.1:1", database))
    stack.add(coturn.relay(folder, ports.turn, turnserver()))
    stack.add(services.start_page(stack.place))
    stack.add(services.service(stack.place, "f0_monitoring", "api"))
    second = services.service(stack.place, "f0_monitoring", "api", port=ports.permit)
    stack.add(replace(second, name=PATIENTS, log=folder / "logs" / "second.log"))
    try:
        stack.start()
        stack.wait_ready()
        yield Pods(stack, stack.address("f0_monitoring"), stack.address("permit"))
    finally:
        stack.stop()


def opened(devices: Devices, browser: Browser, address: str, who: str, size: tuple[int, int]) -> Page:
    context = devices.add(who, size=size, browser=browser, locale="vi-VN")
    context.add_init_script(WATCH_PEERS)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(READY, timeout=SOON)
    return page


def test_a_call_through_the_relay_outlives_an_instance(pods: Pods, devices: Devices, faked: Browser) -> None:
    token = pods.stack.token
    pods.ask("PUT", "/v1/doctors/doctor-164", token("administrator"), ROSTER)
    declared = {
        "person": {**PERSON, "birth_year": 1990},
        "commune_code": "05458",
        "address": "Tổ 1",
        "tested_on": local_day(SystemClock().now()).isoformat(),
    }
    officer = token("health_officer", areas=("164",))
    person_id = pods.ask("POST", "/v1/patients", officer, declared)["person_id"]
    citizen, doctor = token("citizen", areas=(), person_id=person_id), token("doctor", areas=("164",))
    wished = pods.ask("POST", f"/v1/patients/{person_id}/consultations", citizen, {"way": "video"})
    room = f"/kham/phong?c={wished['consultation_id']}&relay=1"

    phone = opened(devices, faked, f"{pods.patients}{room}", citizen, PHONE)
    phone.get_by_role("button", name="Vào phòng chờ").click(timeout=SOON)
    desk = opened(devices, faked, f"{pods.doctors}{room}", doctor, WALL)
    desk.get_by_role("button", name="Vào phòng khám").click(timeout=SOON)
    desk.get_by_role("button", name="Mời vào khám").click(timeout=SOON)
    for page in (desk, phone):
        expect(page.locator("main.talk")).to_have_attribute("data-call", "connected", timeout=SOON)
        assert grows(page, FRAMES)
    assert desk.evaluate(PATH) == ["relay", "relay"]

    pods.stack.children[PATIENTS].kill()
    expect(phone.get_by_text("đang nối lại máy chủ")).to_be_visible(timeout=SOON)
    for page in (desk, phone):
        assert grows(page, FRAMES), "the picture needs no server"
    pods.stack.restart(PATIENTS)
    expect(phone.get_by_text("đang nối lại máy chủ")).to_be_hidden(timeout=SOON)

    desk.locator("#hang-up").click()
    desk.locator("#end").click()
    for page in (desk, phone):
        expect(page.get_by_role("heading", name="Cuộc khám đã kết thúc")).to_be_visible(timeout=SOON)
    told = pods.ask("GET", f"/v1/consultations/{wished['consultation_id']}", doctor)
    assert told["state"] == "held"
