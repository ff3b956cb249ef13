"""The camera at a phone's size: each kind of paper by its code alone, with a network, without, from a cold start."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, Route, expect

from common.credential import render
from permit.domain.model import Window
from tests.browser.devices import PHONE, READY, Devices, launch
from tests.browser.test_permit_pages import OFFICER, Served, forged, served
from tests.browser.test_scanner import (
    HOUR,
    bar,
    code,
    flag,
    fresh,
    kept_offline,
    of_a_stranger,
    refresh,
    revoke,
)

__all__ = ["served"]

WIDTH, HEIGHT, RATE = 640, 480, 8
SECONDS = 1.5
"""How long each code is held before the camera; a second blank scene follows the last one."""
NOTES = """() => {
  window.seen = [];
  const screen = document.querySelector('#verdict');
  new MutationObserver(() => window.seen.push([screen.dataset.reason, document.querySelector('#word').textContent,
    document.querySelector('#facts').children.length])).observe(screen, { attributeFilter: ['data-reason'] });
}"""
GREEN, RED, AMBER = "ĐƯỢC QUA", "KHÔNG QUA", "KIỂM TRA"


def reel(texts: list[str], file: Path, blank_seconds: float = 1) -> None:
    """Write a film (y4m) of codes held askew one after the other, and of nothing at the end; the camera repeats it."""
    scenes = [Image.new("L", (WIDTH, HEIGHT), 90) for _ in (*texts, "")]
    for scene, text in zip(scenes, texts, strict=False):
        paper = Image.open(io.BytesIO(render.png(text, pixels_per_module=4))).convert("L")
        turned = paper.rotate(7, expand=True, fillcolor=90)
        scene.paste(turned, ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2))
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    times = [SECONDS] * len(texts) + [blank_seconds]
    frames = (
        (b"FRAME\n" + scene.tobytes() + grey) * round(seconds * RATE)
        for scene, seconds in zip(scenes, times, strict=True)
    )
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg\n".encode()
    file.write_bytes(head + b"".join(frames))


@dataclass
class Camera:
    """A Chromium whose camera plays a film."""

    browser: Browser
    film: Path


@pytest.fixture(scope="module")
def camera(play: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Camera]:
    film = tmp_path_factory.mktemp("camera") / "film.y4m"
    browser = launch(
        play,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    yield Camera(browser, film)
    browser.close()


Opens = Callable[..., Page]


@pytest.fixture
def opened(served: Served, devices: Devices, camera: Camera) -> Opens:
    """Take over a shift on a phone; the camera is covered until `show`."""

    def open_page(prepare: Callable[[Page], None] = lambda _: None) -> Page:
        served.do(served.works["list_builder"].round())
        context = devices.add(OFFICER, size=PHONE, browser=camera.browser, permissions=["camera"])
        page = context.new_page()
        prepare(page)
        reel([], camera.film)
        page.goto(f"{served.address}/scan")
        page.get_by_role("button", name="Chốt thai-nguyen").click()
        page.wait_for_selector(READY)
        expect(page.locator("#hint")).to_have_text("Đưa mã QR vào khung", timeout=30_000)
        return page

    return open_page


def show(page: Page, camera: Camera, *texts: str, blank_seconds: float = 1) -> None:
    """Hold codes before the camera of a page that is open, and note its verdicts."""
    reel(list(texts), camera.film, blank_seconds)
    page.evaluate(NOTES)
    page.evaluate(
        """async () => {
          const video = document.querySelector('#cam');
          video.srcObject.getTracks().forEach(track => track.stop());
          video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
          await video.play();
        }"""
    )


def seen(page: Page, reason: str) -> tuple[str, int]:
    """Wait for a verdict; return its word and how many rows of facts were shown with it."""
    found = page.wait_for_function(
        "reason => window.seen.find(each => each[0] === reason)", arg=reason, timeout=60_000
    )
    _, word, rows = found.json_value()
    return str(word), int(rows)


def test_without_a_network_the_camera_alone_tells_every_kind_of_paper(
    served: Served, opened: Opens, camera: Camera
) -> None:
    valid, suspended, revoked, watched = (fresh(served) for _ in range(4))
    bar(served, suspended, 1, is_barred=True)
    revoke(served, revoked)
    flag(served, watched)
    now = datetime.now(UTC).replace(microsecond=0)
    local = now + 7 * HOUR
    away = (local.hour * 60 + local.minute + 300) % 1440
    page = opened()
    page.context.set_offline(True)
    shown = {
        "valid": (valid["qr"], GREEN),
        "not-valid-now": (suspended["qr"], RED),
        "revoked": (revoked["qr"], RED),
        "watched": (watched["qr"], AMBER),
        "expired": (code(served, valid_from=now - 9 * HOUR, valid_until=now - HOUR), RED),
        "outside-area": (code(served, areas=("172",)), RED),
        "outside-hours": (code(served, windows=(Window(127, away, (away + 60) % 1440),)), RED),
        "bad-signature": (forged(valid["qr"]), RED),
        "unknown-key": (of_a_stranger(valid["qr"], served), AMBER),
    }
    show(page, camera, *(text for text, _ in shown.values()))
    for reason, (_, word) in shown.items():
        told, rows = seen(page, reason)
        assert told == word, reason
        assert (rows == 0) == (reason in ("bad-signature", "unknown-key")), reason
    expect(page.locator("#how")).to_contain_text("Kiểm tra trên máy")


def test_the_camera_asks_the_centre_where_there_is_a_network(
    served: Served, opened: Opens, camera: Camera
) -> None:
    valid, revoked = fresh(served), fresh(served)
    revoke(served, revoked)
    page = opened()
    show(page, camera, valid["qr"], revoked["qr"])
    assert seen(page, "valid")[0] == GREEN
    assert seen(page, "revoked")[0] == RED
    rows = {row.permit_id: row for row in served.works["scans"].store.rows.values()}
    assert rows[valid["permit_id"]].mode == rows[revoked["permit_id"]].mode == "online"


def test_a_suspended_permit_is_green_again_once_it_was_reinstated(
    served: Served, opened: Opens, camera: Camera
) -> None:
    permit = fresh(served)
    bar(served, permit, 1, is_barred=True)
    page = opened()
    page.context.set_offline(True)
    show(page, camera, permit["qr"], blank_seconds=5)
    assert seen(page, "not-valid-now")[0] == RED
    page.context.set_offline(False)
    bar(served, permit, 2, is_barred=False)
    page.wait_for_timeout(600)
    refresh(page)
    page.context.set_offline(True)
    assert seen(page, "valid")[0] == GREEN


def test_a_cold_start_without_a_network_reads_with_the_camera(
    served: Served, opened: Opens, camera: Camera
) -> None:
    permit, revoked = fresh(served), fresh(served)
    revoke(served, revoked)
    first = opened()
    kept_offline(first.context, first)
    context = first.context
    first.close()
    page = context.new_page()
    page.goto(f"{served.address}/scan")
    page.wait_for_selector(READY)
    show(page, camera, permit["qr"], revoked["qr"])
    assert seen(page, "valid")[0] == GREEN
    assert seen(page, "revoked")[0] == RED
    expect(page.locator("#waiting")).to_contain_text("chờ gửi")


def test_a_reader_that_did_not_come_is_fetched_until_it_does(
    served: Served, opened: Opens, camera: Camera
) -> None:
    lost = 0

    def lose_some(route: Route) -> None:
        nonlocal lost
        lost += 1
        route.abort() if lost <= 2 else route.continue_()

    valid = fresh(served)
    page = opened(lambda page: page.route("**/zxing_reader.wasm", lose_some))
    assert lost >= 2
    show(page, camera, valid["qr"])
    assert seen(page, "valid")[0] == GREEN


def test_lists_that_are_too_old_make_the_camera_amber(served: Served, opened: Opens, camera: Camera) -> None:
    text = code(served, number="MAVMAV0000000012")
    page = opened(lambda page: page.clock.install())
    page.context.set_offline(True)
    page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=73))
    show(page, camera, text)
    assert seen(page, "stale-list")[0] == AMBER


def test_a_wrong_clock_is_told_and_the_camera_judges_by_the_centres_time(
    served: Served, opened: Opens, camera: Camera
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    ending = code(served, number="MAVMAV0000000014", valid_until=now + timedelta(minutes=10))
    over = code(
        served, number="MAVMAV0000000013", valid_from=now - 9 * HOUR, valid_until=now - timedelta(minutes=20)
    )
    page = opened(lambda page: page.clock.install(time=datetime.now(UTC) + timedelta(minutes=30)))
    expect(page.locator("#warnings")).to_contain_text("Đồng hồ máy lệch")
    page.context.set_offline(True)
    show(page, camera, ending, over)
    assert seen(page, "valid")[0] == GREEN
    assert seen(page, "expired")[0] == RED
