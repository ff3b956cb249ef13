"""How I am called, in Chromium: channels in one's own order, push on this browser, and what it then shows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI, Request, Response
from playwright.sync_api import Page, expect

from alerting.channels.push import PushChannel
from common.clocks import SystemClock
from common.service import Mode
from common.testing.push import Browser
from common.testing.sign_in import token
from common.webpush import Sender
from services.alerting.tests.calls import Town, town
from services.alerting.tests.test_channels import KEY
from tests.browser.devices import PHONE, READY, WALL, Devices, pictured
from tests.browser.serving import Serving, serving

# Chromium subscribes at a push service of its vendor: this one is on the machine, with keys that the test has.
SUBSCRIBES = """
  const made = () => window.sub ?? null;
  PushManager.prototype.subscribe = async options => {
    window.asked = new Uint8Array(options.applicationServerKey).length;
    const [endpoint, p256dh, auth] = %s;
    window.sub = { endpoint, toJSON: () => ({ endpoint, keys: { p256dh, auth } }), unsubscribe: async () => { window.sub = null; return true; } };
    return made();
  };
  PushManager.prototype.getSubscription = async () => made();
"""
DENIED = "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"


@dataclass
class PushService:
    """A push service that keeps what it is given."""

    address: str = ""
    bodies: list[bytes] = field(default_factory=list)
    status: int = 201

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/push/1")
        async def take(request: Request) -> Response:
            self.bodies.append(await request.body())
            return Response(status_code=self.status)

        return app


@dataclass
class Served:
    at: Serving
    town: Town
    push: PushService
    phone: Browser


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    service = PushService()
    with serving(service.app()) as push:
        service.address = push.address
        clock = SystemClock()
        sender = Sender(KEY, "mailto:truc@la-chan.invalid")
        http = httpx.AsyncClient()
        channel = PushChannel(sender, ("127.0.0.1",), clock, http)
        here = town(  # type: ignore[arg-type]
            clock, "sms", "email", real={"push": channel}, vapid_key=KEY, push_hosts="127.0.0.1"
        )
        with serving(here.service.app(Mode.API), here.service.drain) as at:
            yield Served(at, here, service, Browser(f"{push.address}/push/1"))
            at.do(http.aclose())


def opened(served: Served, devices: Devices, who: str, *, script: str, size: tuple[int, int] = PHONE) -> Page:
    bearer = token("doctor", ("164",), subject=who, name="BS. Mẫu Bình")
    context = devices.add(bearer, size=size, permissions=["notifications"])
    context.add_init_script(f"if (location.protocol !== 'about:') {{ {script} }}")
    page = context.new_page()
    page.goto(f"{served.at.address}/toi-nhan")
    page.wait_for_selector(READY, state="attached")
    return page


def subscribing(served: Served) -> str:
    one = served.phone.subscription
    return SUBSCRIBES % json.dumps([one.endpoint, one.p256dh, one.auth])


def test_a_browser_is_turned_on_tried_and_shows_what_it_was_sent(served: Served, devices: Devices) -> None:
    page = opened(served, devices, "doctor-push", script=subscribing(served))
    expect(page.get_by_text("Máy này chưa nhận thông báo.")).to_be_visible()
    page.get_by_role("button", name="Bật thông báo trên máy này").click()
    expect(page.get_by_text("Máy này đang nhận thông báo.")).to_be_visible()
    assert page.evaluate("window.asked") == 65
    served.push.bodies.clear()
    page.get_by_role("listitem", name="Thông báo trên máy").get_by_role("button", name="Gửi thử").click()
    expect(page.locator(".toast")).to_contain_text("Đã gửi tin thử")
    [body] = served.push.bodies
    said = served.phone.opened(body).decode()
    assert "Tin thử" in said
    assert shown_by(page, served.at.address, said) == [
        {"title": "Lá Chắn", "body": "Tin thử: kênh này nhận được cảnh báo.", "tag": "test"}
    ]
    page.get_by_role("button", name="Tắt trên máy này").click()
    expect(page.get_by_text("Máy này chưa nhận thông báo.")).to_be_visible()
    expect(page.get_by_role("button", name="Xóa máy")).to_have_count(0)


def shown_by(page: Page, address: str, payload: str) -> object:
    """Hand *payload* to the service worker as the browser does, and return the notifications that it shows."""
    cdp, found = page.context.new_cdp_session(page), []
    cdp.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    cdp.send("ServiceWorker.enable")
    page.wait_for_function("navigator.serviceWorker.ready.then(one => Boolean(one.active))")
    [one, *_] = [each for each in found if not each["isDeleted"]]
    message = {"origin": address, "registrationId": one["registrationId"], "data": payload}
    cdp.send("ServiceWorker.deliverPushMessage", message)
    list_all = "navigator.serviceWorker.ready.then(one => one.getNotifications())"
    page.wait_for_function(f"{list_all}.then(all => all.length)")
    return page.evaluate(
        f"{list_all}.then(all => all.map(({{ title, body, tag }}) => ({{ title, body, tag }})))"
    )


def test_channels_are_put_in_order_and_a_wrong_number_is_said(served: Served, devices: Devices) -> None:
    page = opened(served, devices, "doctor-order", script="")
    email = page.get_by_role("listitem", name="Thư điện tử")
    email.get_by_role("checkbox").check()
    email.get_by_label("Địa chỉ thư").fill("binh@tinh.gov.vn")
    email.get_by_role("button", name="lên trước").click()
    sms = page.get_by_role("listitem", name="Tin nhắn SMS")
    sms.get_by_role("checkbox").check()
    sms.get_by_label("Số di động").fill("12345")
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.get_by_role("alert")).to_contain_text("Số điện thoại phải có 10 chữ số")
    sms.get_by_label("Số di động").fill("0912 345 678")
    page.get_by_label("Không gọi tôi vì việc chưa khẩn cấp").check()
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.locator(".toast")).to_contain_text("Đã ghi")
    page.reload()
    page.wait_for_selector(READY, state="attached")
    expect(page.locator(".contact input:checked + b")).to_have_text(["Thư điện tử", "Tin nhắn SMS"])
    expect(sms.get_by_label("Số di động")).to_have_value("+84912345678")
    expect(page.get_by_label("Từ")).to_have_value("22:00")


@pytest.mark.parametrize("size", [WALL, PHONE], ids=["wall", "phone"])
def test_a_browser_that_forbids_it_is_explained_and_nothing_is_in_the_way(
    served: Served, devices: Devices, size: tuple[int, int]
) -> None:
    page = opened(served, devices, "doctor-denied", script=DENIED, size=size)
    expect(page.get_by_text("Trình duyệt đang chặn thông báo")).to_be_visible()
    expect(page.get_by_role("button", name="Bật thông báo")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    found = Axe().run(page)
    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []
    pictured(page, "calls")
