"""The daily declaration in Chromium: few taps, no network, impossible numbers, refusals, both languages."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from playwright.sync_api import BrowserContext, Page, expect

from common.http.app import create_app
from common.testing.sign_in import token
from common.web.declaration import declaration_routes
from common.web.pages import PageSettings
from deploy.local.checkout import free_ports
from tests.browser.devices import PHONE, READY, Devices

WELL = {
    "spo2_percent": "98",
    "temperature_celsius": "36,8",
    "pulse_per_minute": "77",
    "breaths_per_minute": "16",
}


@dataclass
class Server:
    """A service as far as the page can see it; it keeps what it is sent and can be made to refuse."""

    address: str = ""
    status: int = 201
    answer: dict[str, Any] = field(default_factory=dict)
    received: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [body for _, body in self.received]

    def app(self, kind: Any) -> FastAPI:
        app = create_app("Tests", [declaration_routes(kind, PageSettings("http://127.0.0.1:9/oidc"))])

        @app.get("/v1/me")
        def me() -> dict[str, str]:
            return {"person_id": "p-1", "full_name": "Nguyễn Văn Mẫu", "commune_name": "Phường Quán Triều"}

        @app.post("/v1/{folder}/{person_id}/reports")
        async def report(folder: str, person_id: str, request: Request) -> JSONResponse:
            if self.status != 201:
                return JSONResponse({"detail": "Hồ sơ đã đóng. Hãy gọi trạm y tế."}, self.status)
            key = request.headers["idempotency-key"]
            if key not in dict(self.received):
                self.received.append((key, await request.json()))
            told = {"receipt": "7F3K-2Q", "report_id": f"r-{len(self.received)}", "is_late": False}
            return JSONResponse({**told, **(self.answer if len(self.received) == 1 else {})}, 201)

        return app


@pytest.fixture(scope="module", params=["f0", "quarantine"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def running(kind: str) -> Iterator[Server]:
    server, port = Server(), free_ports().quarantine
    uv = uvicorn.Server(uvicorn.Config(server.app(kind), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=uv.run, daemon=True)
    thread.start()
    while not uv.started:
        time.sleep(0.05)
    server.address = f"http://127.0.0.1:{port}"
    yield server
    uv.should_exit = True
    thread.join(10)


@pytest.fixture
def served(running: Server) -> Server:
    running.status, running.answer = 201, {}
    running.received.clear()
    return running


@pytest.fixture
def phone(served: Server, devices: Devices) -> BrowserContext:
    """A phone on which somebody is signed in."""
    bearer = token("citizen", (), name="Nguyễn Văn Mẫu")
    return devices.add(bearer, size=PHONE, base_url=served.address)


Open = Callable[[], Page]


@pytest.fixture
def opened(phone: BrowserContext) -> Open:
    def open_page() -> Page:
        page = phone.new_page()
        page.goto("/khai-bao")
        page.wait_for_selector(READY)
        return page

    return open_page


def measure(page: Page, kind: str, **changes: str) -> None:
    for name, value in (WELL | changes).items():
        if kind == "f0" or name == "temperature_celsius":
            page.fill(f"#{name}", value)
    page.click("[data-next=vitals]")


def eventually(check: Callable[[], bool], seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.1)


def test_a_healthy_person_declares_in_three_taps_and_gets_a_receipt(served, opened, kind):
    page = opened()
    page.click("[data-well=yes]")
    measure(page, kind)
    page.click("[type=submit]")
    expect(page.locator("#receipt")).to_have_text("7F3K-2Q")
    expect(page.locator("#care")).to_be_hidden()
    [body] = served.bodies
    assert (body["symptoms"], body["declared_by"], body["temperature_celsius"]) == ([], "self", 36.8)
    assert ("spo2_percent" in body) == (kind == "f0")


def test_an_ill_person_declares_in_five_taps_and_is_shown_the_emergency_number(served, opened, kind):
    page = opened()
    page.click("[data-well=no]")
    page.click("#danger-signs label >> nth=0")
    expect(page.locator("fieldset[data-step=signs] [data-emergency]")).to_be_visible()
    page.click("[data-next=signs]")
    measure(page, kind)
    page.click("[type=submit]")
    expect(page.locator("#receipt")).to_have_text("7F3K-2Q")
    expect(page.locator("#care a")).to_have_attribute("href", "tel:115")
    assert served.bodies[0]["symptoms"] == ["dyspnoea"]


def test_without_a_network_it_is_kept_survives_closing_and_arrives_once(served, phone, opened, kind):
    page = opened()
    # A function: the page's content security policy refuses an expression once it has to be looked at again.
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.reload()
    page.wait_for_selector(READY)
    phone.set_offline(True)
    page.goto("/khai-bao")
    page.wait_for_selector(READY)
    page.click("[data-well=yes]")
    measure(page, kind)
    page.click("[type=submit]")
    expect(page.locator("#done-title")).to_have_text("Đã lưu trên máy")
    expect(page.locator("#net")).to_contain_text("1 tờ khai chờ gửi")
    assert served.received == []
    page.close()
    phone.set_offline(False)
    again = opened()
    eventually(lambda: len(served.received) == 1)
    expect(again.locator("#net")).to_have_text("● Có mạng")


def test_a_fault_of_the_server_is_tried_again_with_the_same_key(served, opened, kind):
    served.status = 503
    page = opened()
    page.click("[data-well=yes]")
    measure(page, kind)
    page.click("[type=submit]")
    expect(page.locator("#done-title")).to_have_text("Đã lưu trên máy")
    served.status = 201
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#receipt")).to_have_text("7F3K-2Q")
    assert len(served.received) == 1


@pytest.mark.parametrize("status", [409, 422])
def test_a_refusal_is_shown_to_the_person_and_not_sent_for_ever(served, opened, kind, status):
    served.status = status
    page = opened()
    page.click("[data-well=yes]")
    measure(page, kind)
    page.click("[type=submit]")
    expect(page.locator("#refused")).to_contain_text("Hồ sơ đã đóng. Hãy gọi trạm y tế.")
    served.status = 201
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(500)
    assert served.received == []
    page.click("#refused button")
    expect(page.locator("#refused")).to_be_hidden()


def test_impossible_and_swapped_numbers_are_questioned_before_they_leave(served, opened, kind):
    if kind != "f0":
        pytest.skip("only F0 measure SpO2")
    page = opened()
    page.click("[data-well=yes]")
    measure(page, kind, spo2_percent="130")
    expect(page.locator("#vitals-error")).to_contain_text("không thể như vậy")
    measure(page, kind, temperature_celsius="370")
    expect(page.locator("#vitals-error")).to_contain_text("Nhiệt độ")
    measure(page, kind, spo2_percent="74", pulse_per_minute="97")
    expect(page.locator("#vitals-error")).to_contain_text("nhập nhầm chỗ")
    page.click("#vitals-error button")
    expect(page.locator("fieldset[data-step=again]")).to_be_visible()


def test_a_low_reading_is_measured_again_and_both_are_sent(served, opened, kind):
    if kind != "f0":
        pytest.skip("only F0 measure SpO2")
    page = opened()
    page.clock.install()
    page.click("[data-well=yes]")
    measure(page, kind, spo2_percent="93")
    expect(page.locator("#countdown")).to_contain_text("0:5")
    page.fill("#again", "92")
    page.click("[data-next=again]")
    expect(page.locator("#again-error")).to_contain_text("giây nữa mới đo lại được")
    page.clock.run_for(31_000)
    page.click("[data-next=again]")
    page.click("[type=submit]")
    expect(page.locator("#receipt")).to_have_text("7F3K-2Q")
    assert (served.bodies[0]["spo2_percent"], served.bodies[0]["spo2_repeat_percent"]) == (93, 92)


def test_what_the_server_doubts_is_measured_again_on_the_same_page(served, opened, kind):
    if kind != "f0":
        pytest.skip("only F0 measure breaths")
    served.answer = {
        "ask_remeasure": True,
        "remeasure": ["breaths_per_minute"],
        "remeasure_after_seconds": 30,
        "remeasure_within_seconds": 60,
        "remeasure_by": "2022-02-10T08:10:00Z",
        "advice": "Chờ 30 giây đến 60 giây. Hãy ngồi yên và đếm lại nhịp thở đủ một phút. Rồi gửi lại số đo.",
    }
    page = opened()
    page.clock.install()
    page.click("[data-well=yes]")
    measure(page, kind, breaths_per_minute="26")
    page.click("[type=submit]")
    expect(page.locator("#ask-again-text")).to_contain_text("đếm lại nhịp thở")
    expect(page.locator("#ask-again-by")).to_contain_text("15:10")
    expect(page.locator("#second-countdown")).to_contain_text("0:5")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).response["violations"] == []
    if folder := os.environ.get("LACHAN_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / "declare-again-390.png", full_page=True)
    page.fill("#second-breaths_per_minute", "18")
    page.click("#send-again")
    expect(page.locator("#second-error")).to_contain_text("giây nữa mới đo lại được")
    assert len(served.received) == 1
    page.clock.run_for(31_000)
    page.click("#send-again")
    expect(page.locator("#ask-again")).to_be_hidden()
    eventually(lambda: len(served.received) == 2)
    second = served.bodies[1]
    assert second["breaths_per_minute"] == 18
    assert not {"spo2_percent", "pulse_per_minute", "temperature_celsius"} & second.keys()


def test_both_languages_and_every_step_pass_the_accessibility_check(served, opened, kind):
    page = opened()
    page.click("#language")
    expect(page.locator("h1:visible")).to_have_text("How do you feel today?")
    for step in ("[data-well=no]", "#other-signs label >> nth=0", "[data-next=signs]"):
        found = Axe().run(page).response["violations"]
        assert [each["id"] for each in found] == []
        page.click(step)
    measure(page, kind)
    page.click("[type=submit]")
    expect(page.locator("#done-title")).to_have_text("Declaration sent")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
