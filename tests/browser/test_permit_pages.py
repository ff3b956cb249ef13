"""The pages of permit in Chromium: camera, hand scanner, typed number, no network, the officer's desk."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from common.credential import render
from common.service import Mode, Runtime
from common.testing.sign_in import bearer, sample_jwks, sample_settings, token
from common.work.model import Cause
from permit.app import compose
from permit.domain.commands import NoteStanding
from permit.domain.model import Source
from permit.settings import PermitSettings
from services.permit.tests.memory import memory_stores
from tests.browser.devices import PHONE, READY, WALL, Devices, launch, pictured
from tests.browser.serving import Serving, serving

PERSON = {"full_name": "Nguyễn Văn Mẫu", "cccd": "019084000999", "birth_year": 1984, "sex": "male"}
OFFICER = token("checkpoint_officer", ("19",), name="Trần Văn Chốt Mẫu")


@dataclass
class Served(Serving):
    """The service on memory stores behind a real socket."""

    works: dict[str, Any]

    def permit(self, **changes: Any) -> dict[str, Any]:
        now = datetime.now(UTC)
        body = {
            "person": PERSON,
            "commune_code": "05434",
            "category": "worker",
            "areas": ["19"],
            "plate": "20C-123.45",
            "valid_from": (now - timedelta(hours=1)).isoformat(),
            "valid_until": (now + timedelta(hours=71)).isoformat(),
            **changes,
        }
        reply = httpx.post(
            f"{self.address}/v1/permits", json=body, headers=bearer("permit_officer"), timeout=20
        )
        assert reply.status_code == 201, reply.text
        found: dict[str, Any] = reply.json()
        return found


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    settings = sample_settings(PermitSettings)
    service = compose(Runtime(settings, jwks=sample_jwks(), in_memory=True), memory_stores(), settings)
    app = service.app(Mode.API)
    with serving(app) as here:
        for name, commune in (("thai-nguyen", "05434"), ("phu-binh", "05908")):
            body = {"name": f"Chốt {name}", "commune_code": commune}
            url = f"{here.address}/v1/checkpoints/{name}"
            httpx.put(url, json=body, headers=bearer("administrator"), timeout=20)
        here.do(app.state.parts["list_builder"].start())
        yield Served(here.address, here.loop, app.state.parts)
        here.do(app.state.parts["list_builder"].stop())


def film(text: str, file: Path) -> None:
    """Write a short film (y4m) of a code held a little askew before the camera."""
    code = Image.open(io.BytesIO(render.png(text, pixels_per_module=7))).convert("L")
    scene = Image.new("L", (1280, 720), 90)
    turned = code.rotate(9, expand=True, fillcolor=90)
    scene.paste(turned, ((1280 - turned.width) // 2, (720 - turned.height) // 2))
    frame = b"FRAME\n" + scene.tobytes() + bytes([128]) * (2 * 640 * 360)
    file.write_bytes(b"YUV4MPEG2 W1280 H720 F10:1 Ip A1:1 C420jpeg\n" + frame * 10)


OpenPage = Callable[..., Page]


@pytest.fixture
def opened(served: Served, devices: Devices) -> OpenPage:
    """Open the page signed in, on a device without a camera unless *more* says otherwise."""

    def open_page(
        path: str = "/scan",
        *,
        who: str = OFFICER,
        size: tuple[int, int] = PHONE,
        ready: str = READY,
        **more: Any,
    ) -> Page:
        page = devices.add(who, size=size, **more).new_page()
        page.goto(f"{served.address}{path}")
        if path == "/scan":
            page.get_by_role("button", name="Chốt thai-nguyen").click()
        page.wait_for_selector(ready)
        return page

    return open_page


@pytest.fixture
def filmed(play: Playwright, opened: OpenPage, tmp_path: Path) -> Iterator[Callable[[str], Page]]:
    """Open the page on a device whose camera sees a code of this text."""
    sees = tmp_path / "code.y4m"
    camera = launch(
        play,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={sees}",
    )

    def open_page(text: str) -> Page:
        film(text, sees)
        return opened(browser=camera, permissions=["camera"])

    yield open_page
    camera.close()


def forged(text: str) -> str:
    """Change one group of letters within the signature, so that only the signature is wrong."""
    at = 4 + 3 * ((len(text) - 4) // 3 - 4)
    return f"{text[:at]}000{text[at + 3 :]}"


def verdict(page: Page, reason: str) -> None:
    expect(page.locator("#verdict[open]")).to_have_attribute("data-reason", reason)


def test_the_camera_sees_a_code_and_the_screen_says_may_pass(served: Served, filmed: OpenPage) -> None:
    page = filmed(served.permit()["qr"])
    verdict(page, "valid")
    expect(page.locator("#word")).to_have_text("ĐƯỢC QUA")
    expect(page.locator("#facts")).to_contain_text("Nguyễn Văn Mẫu")
    expect(page.locator("#facts")).to_contain_text("20C12345")
    expect(page.locator("#how")).to_contain_text("Kiểm tra với trung tâm")


def test_a_holder_who_is_barred_meanwhile_is_refused_without_a_reason_of_health(
    served: Served, filmed: OpenPage
) -> None:
    permit = served.permit(person={**PERSON, "cccd": "019084000888"})
    command = NoteStanding(permit["person_id"], Source.F0, is_barred=True, sequence=1)
    served.do(served.works["holders"].run(command, Cause("f0-mau")))
    page = filmed(permit["qr"])
    verdict(page, "not-valid-now")
    expect(page.locator("#word")).to_have_text("KHÔNG QUA")
    text = page.locator("#verdict").inner_text().lower()
    assert not any(word in text for word in ("f0", "covid", "cách ly", "bệnh"))


def test_a_hand_scanner_types_the_code(served: Served, opened: OpenPage) -> None:
    permit = served.permit(person={**PERSON, "cccd": "019084000777"})
    page = opened(size=WALL)
    page.keyboard.type(permit["qr"])
    page.keyboard.press("Enter")
    verdict(page, "valid")
    page.get_by_role("button", name="Quét người tiếp theo").click()
    page.keyboard.type("https://example.org")
    page.keyboard.press("Enter")
    verdict(page, "foreign")
    page.get_by_role("button", name="Quét người tiếp theo").click()
    page.keyboard.type("RC1:NCFOXN%TS3DH3ZSUZK+.V0ETD%65NL")
    page.keyboard.press("Enter")
    verdict(page, "foreign")
    words = "Đây là giấy xác nhận khỏi bệnh, không phải giấy đi đường"
    expect(page.locator("#why")).to_have_text(words)
    expect(page.locator("#facts")).to_be_empty()
    pictured(page, "scan-certificate")


def test_a_number_is_typed_when_the_camera_does_not_open(served: Served, opened: OpenPage) -> None:
    permit = served.permit(person={**PERSON, "cccd": "019084000666"})
    page = opened()
    expect(page.locator("#hint")).to_contain_text("Không mở được máy ảnh")
    page.get_by_role("button", name="Nhập số giấy").click()
    page.get_by_label("Số trên giấy").fill("12")
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.locator("#wrong")).to_be_visible()
    page.get_by_label("Số trên giấy").fill(permit["number"])
    page.get_by_label("Biển số nhìn thấy").fill("20C-999.99")
    page.get_by_role("button", name="Kiểm tra").click()
    verdict(page, "plate-mismatch")
    expect(page.locator("#word")).to_have_text("KIỂM TRA")


def test_without_a_network_the_device_verifies_and_sends_the_scan_later_once(
    served: Served, opened: OpenPage
) -> None:
    permit = served.permit(person={**PERSON, "cccd": "019084000555"})
    page = opened()
    page.context.set_offline(True)
    for text, reason in (
        (permit["qr"], "valid"),
        (forged(permit["qr"]), "bad-signature"),
        (permit["permit_id"], "number-offline"),
    ):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        verdict(page, reason)
        expect(page.locator("#how")).to_contain_text("Kiểm tra trên máy")
        page.get_by_role("button", name="Quét người tiếp theo").click()
    expect(page.locator("#waiting")).to_contain_text("3 lượt chờ gửi")
    before = len(served.works["scans"].store.rows)
    page.context.set_offline(False)
    expect(page.locator("#waiting")).to_have_text("")
    rows = list(served.works["scans"].store.rows.values())[before:]
    assert sorted(str(row.judgement.reason) for row in rows) == ["bad-signature", "number-offline", "valid"]
    assert {row.mode for row in rows} == {"offline"}


def test_an_officer_issues_a_permit_and_sees_its_code(served: Served, opened: OpenPage) -> None:
    page = opened("/permits", who=token("permit_officer", ("19",)), ready="#new")
    page.locator("#new").click()
    for name, value in (
        ("name", "Lê Thị Mẫu"),
        ("cccd", "019190000123"),
        ("birth-year", "1990"),
        ("commune", "05434"),
        ("plate", "20B1-234.56"),
    ):
        page.locator(f"dialog [name={name}]").fill(value)
    page.locator("dialog [name=sex]").select_option("female")
    page.locator("dialog [name=category]").select_option("essential-goods")
    page.locator("dialog button.pri").click()
    expect(page.locator(".permit h2")).to_have_text("Lê Thị Mẫu")
    expect(page.locator(".permit img.qr")).to_be_visible()
    page.get_by_role("button", name="Tạm dừng").click()
    page.locator("dialog textarea").fill("Đang xác minh biển số")
    page.locator("dialog button.pri").click()
    expect(page.locator(".permit .tag")).to_have_text("Tạm dừng")


def test_the_page_has_no_accessibility_faults(served: Served, opened: OpenPage) -> None:
    permit = served.permit(person={**PERSON, "cccd": "019084000444"})
    page = opened()
    assert Axe().run(page).violations_count == 0
    page.keyboard.type(permit["qr"])
    page.keyboard.press("Enter")
    verdict(page, "valid")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
