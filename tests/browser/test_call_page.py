"""Two browsers in one call: direct, through the relay alone, by voice, over broken lines, and its end."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect

from deploy.local import coturn
from deploy.local.checkout import free_ports
from deploy.local.process import Child
from tests.browser.clinic import DOCTOR, Clinic, relay_settings, running_clinic, turnserver
from tests.browser.devices import PHONE, READY, WALL, Devices, launch

FAKE = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
)
SOON = 60_000
WATCH_PEERS = """
window.peers = [];
const Real = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Real { constructor(...all) { super(...all); window.peers.push(this); } };
"""
FRAMES = """async () => {
  const report = await window.peers.at(-1).getStats();
  return [...report.values()].filter(one => one.type === 'inbound-rtp').reduce((sum, one) => sum + (one.framesDecoded ?? 0), 0);
}"""
SOUND = """async () => {
  const report = await window.peers.at(-1).getStats();
  return [...report.values()].find(one => one.type === 'inbound-rtp' && one.kind === 'audio')?.packetsReceived ?? 0;
}"""
PATH = """async () => {
  const report = await window.peers.at(-1).getStats(), transport = [...report.values()].find(one => one.type === 'transport');
  const pair = report.get(transport.selectedCandidatePairId);
  return [report.get(pair.localCandidateId).candidateType, report.get(pair.remoteCandidateId).candidateType];
}"""


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Coturn on a free port, and what the service must know of it."""
    folder, port = tmp_path_factory.mktemp("relay"), free_ports().turn
    child = Child(coturn.relay(folder, port, turnserver()))
    child.start()
    child.wait_ready(30)
    yield coturn.settings(folder, port)
    child.stop()


@pytest.fixture(scope="module")
def clinic(relay: dict[str, str]) -> Iterator[Clinic]:
    with running_clinic(**relay_settings(relay)) as running:
        yield running


@pytest.fixture(scope="module")
def faked(play: Playwright) -> Iterator[Browser]:
    """A Chromium whose camera shows a test picture and whose microphone beeps."""
    browser = launch(play, *FAKE)
    yield browser
    browser.close()


class Two:
    """A doctor at a desk and a patient with a phone."""

    def __init__(self, clinic: Clinic, devices: Devices, browser: Browser) -> None:
        self.clinic, self.devices, self.browser = clinic, devices, browser
        self.citizen = clinic.patient()
        self.id = clinic.wish(self.citizen)

    def open(self, who: str, size: tuple[int, int], more: str = "") -> Page:
        context = self.devices.add(who, size=size, browser=self.browser, locale="vi-VN")
        context.add_init_script(WATCH_PEERS)
        page = context.new_page()
        page.goto(f"{self.clinic.address}/kham/phong?c={self.id}{more}")
        page.wait_for_selector(READY, timeout=SOON)
        return page

    def enter(self, more: str = "") -> None:
        """Both enter; the patient waits."""
        self.patient = self.open(self.citizen, PHONE, more)
        self.patient.get_by_role("button", name="Vào phòng chờ").click(timeout=SOON)
        expect(self.patient.get_by_text("Bạn đang ở phòng chờ")).to_be_visible(timeout=SOON)
        self.doctor = self.open(DOCTOR, WALL, more)
        self.doctor.get_by_role("button", name="Vào phòng khám").click(timeout=SOON)

    def talk(self, more: str = "") -> None:
        """The doctor lets the patient in, and they see each other."""
        self.enter(more)
        self.doctor.get_by_role("button", name="Mời vào khám").click(timeout=SOON)
        for page in (self.doctor, self.patient):
            expect(page.locator("main.talk")).to_have_attribute("data-call", "connected", timeout=SOON)

    def see_each_other(self) -> None:
        """Decoded frames grow on both sides."""
        for page in (self.doctor, self.patient):
            assert grows(page, FRAMES), "no picture arrives"


def grows(page: Page, what: str, seconds: float = 20) -> bool:
    first, until = page.evaluate(what), time.monotonic() + seconds
    while time.monotonic() < until:
        page.wait_for_timeout(300)
        seen = page.evaluate(what)
        if seen > first + 3:
            return True
        first = min(first, seen)  # a new connection counts from nothing
    return False


def eventually(look: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not look() and time.monotonic() < until:
        time.sleep(0.1)
    return look()


@pytest.fixture
def two(clinic: Clinic, devices: Devices, faked: Browser) -> Two:
    return Two(clinic, devices, faked)


def test_the_patient_waits_is_let_in_they_see_each_other_and_the_end_is_told(two: Two) -> None:
    two.enter()
    assert two.doctor.evaluate("window.peers.length") == 0, "no connection before the patient is let in"
    two.doctor.get_by_role("button", name="Mời vào khám").click(timeout=SOON)
    for page in (two.doctor, two.patient):
        expect(page.locator("main.talk")).to_have_attribute("data-call", "connected", timeout=SOON)
    two.see_each_other()
    assert "relay" not in two.doctor.evaluate(PATH)
    two.doctor.wait_for_timeout(2_000)

    two.doctor.locator("#hang-up").click()
    two.doctor.locator("#end").click()

    expect(two.doctor.get_by_role("heading", name="Cuộc khám đã kết thúc")).to_be_visible(timeout=SOON)
    expect(two.patient.get_by_role("heading", name="Cuộc khám đã kết thúc")).to_be_visible(timeout=SOON)
    two.doctor.fill("[name=note]", "Phổi thông khí tốt")
    two.doctor.fill("[name=advice]", "Uống đủ nước, đo SpO₂ hai lần mỗi ngày")
    two.doctor.get_by_role("button", name="Lưu kết quả").click()
    expect(two.doctor.get_by_text("Đã lưu")).to_be_visible(timeout=SOON)
    held = two.clinic.facts(two.id)[-1]
    assert held.type == "f0-monitoring.consultation-held.v1"
    assert '"way":"video"' in held.data
    assert '"was_relayed":false' in held.data
    seconds = int(re.search(r'"duration_seconds":(\d+)', held.data)[1])  # type: ignore[index]
    assert 2 <= seconds <= 120
    mine = two.clinic.ask("GET", "/v1/me/consultations", two.citizen)["items"][0]
    assert (mine["advice"][:8], mine["note"]) == ("Uống đủ ", "")


def test_through_the_relay_alone(two: Two) -> None:
    two.talk("&relay=1")

    assert two.doctor.evaluate(PATH) == ["relay", "relay"]
    two.see_each_other()
    assert eventually(lambda: two.clinic.stores.rooms.board.rooms[two.id].doctor.quality.is_relayed)


def test_by_voice_alone_the_picture_rests_and_comes_back(two: Two) -> None:
    two.talk()
    two.patient.locator("#picture").click()

    for page in (two.patient, two.doctor):
        expect(page.locator("main.talk")).to_have_attribute("data-way", "audio", timeout=SOON)
    expect(two.doctor.get_by_text("chỉ bật tiếng")).to_be_visible(timeout=SOON)
    two.doctor.wait_for_timeout(1_000)
    before = two.doctor.evaluate(FRAMES)
    assert grows(two.doctor, SOUND), "no voice arrives"
    assert two.doctor.evaluate(FRAMES) <= before + 2

    for page in (two.patient, two.doctor):
        page.locator("#picture").click()
    two.see_each_other()


def test_lines_that_are_cut_come_back_and_the_call_goes_on(two: Two) -> None:
    two.talk()
    lines = {guest.occupant.connection for guest in guests(two)}
    two.clinic.hang_up_all_lines()

    assert eventually(
        lambda: len(guests(two)) == 2 and not lines & {g.occupant.connection for g in guests(two)}
    )
    two.see_each_other()
    assert [page.evaluate("window.peers.length") for page in (two.doctor, two.patient)] == [1, 1]

    # Another network: a new path is found by an ICE restart, in the same call.
    ufrag = "() => /ice-ufrag:(\\S+)/.exec(window.peers.at(-1).localDescription.sdp)[1]"
    before = two.patient.evaluate(ufrag)
    two.patient.evaluate("window.peers.at(-1).restartIce()")
    assert eventually(lambda: two.patient.evaluate(ufrag) != before)
    two.see_each_other()


def guests(two: Two) -> list:  # type: ignore[type-arg]
    return [g for g in two.clinic.service.parts["signalling"]._guests.values() if g.room.room_id == two.id]


def test_a_page_that_is_opened_anew_is_in_the_call_again(two: Two) -> None:
    two.talk()
    two.patient.reload()
    two.patient.get_by_role("button", name="Vào phòng chờ").click(timeout=SOON)

    for page in (two.doctor, two.patient):
        expect(page.locator("main.talk")).to_have_attribute("data-call", "connected", timeout=SOON)
    two.see_each_other()


def test_a_link_lets_in_once_without_a_login(two: Two) -> None:
    desk = two.devices.add(DOCTOR, size=WALL, browser=two.browser).new_page()
    desk.goto(f"{two.clinic.address}/kham")
    card = desk.locator(f"[data-id='{two.id}']")
    card.get_by_role("button", name="Gửi đường dẫn").click(timeout=SOON)
    address = desk.locator("#link").inner_text(timeout=SOON)

    phone = two.devices.add(size=PHONE, browser=two.browser).new_page()
    phone.goto(address)
    phone.get_by_role("button", name="Vào phòng chờ").click(timeout=SOON)
    expect(phone.get_by_text("Bạn đang ở phòng chờ")).to_be_visible(timeout=SOON)
    assert "#" not in phone.url
    desk.keyboard.press("Escape")
    expect(card.get_by_text("Đang ở phòng chờ")).to_be_visible(timeout=SOON)

    other = two.devices.add(size=PHONE, browser=two.browser).new_page()
    other.goto(address)
    expect(other.get_by_role("alert")).to_contain_text("đã được mở một lần", timeout=SOON)
    expect(other.get_by_role("link", name="Gọi 115")).to_be_visible()


def test_a_refused_microphone_is_explained_and_the_telephone_stays(
    clinic: Clinic, devices: Devices, browser: Browser
) -> None:
    citizen = clinic.patient()
    consultation = clinic.wish(citizen)
    page = devices.add(citizen, size=PHONE).new_page()
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))"
    )
    page.goto(f"{clinic.address}/kham/phong?c={consultation}")
    expect(page.get_by_role("alert")).to_contain_text("Máy chưa cho phép dùng micro", timeout=SOON)
    expect(page.get_by_role("link", name="Gọi điện bác sĩ")).to_have_attribute("href", "tel:0987654321")


def test_only_the_room_may_use_camera_and_microphone(
    clinic: Clinic, devices: Devices, browser: Browser
) -> None:
    page = devices.add(clinic.patient(), size=PHONE).new_page()
    room = page.goto(f"{clinic.address}/kham/phong?c=nothing")
    assert room is not None
    assert room.headers["permissions-policy"] == "camera=(self), geolocation=(), microphone=(self)"
    policy = room.headers["content-security-policy"]
    assert clinic.address.replace("http", "ws") in policy
    assert "unsafe" not in policy
    for path in ("/kham", "/hen-kham", "/khai-bao", "/doctor"):
        answer = page.goto(f"{clinic.address}{path}", wait_until="commit")
        assert answer is not None
        assert answer.headers["permissions-policy"] == "camera=(), geolocation=(), microphone=()"


def test_a_bad_line_gives_the_picture_up(clinic: Clinic, devices: Devices, browser: Browser) -> None:
    page = devices.add(size=PHONE).new_page()
    page.goto(f"{clinic.address}/kham/phong?c=nothing")
    told = page.evaluate(
        """async () => {
          const { judge, measure, grade } = await import('/pages/kham/quality.js');
          const look = (lossPercent, bitsPerSecond) => ({ lossPercent, bitsPerSecond });
          const lossy = judge(), narrow = judge(), fine = judge();
          const report = (received, lost) => new Map([['a', { type: 'inbound-rtp', packetsReceived: received, packetsLost: lost }]]);
          const first = measure(report(100, 0)), then = measure(report(180, 20), first);
          return [
            [lossy(look(10, null)), lossy(look(9, null)), lossy(look(12, null)), lossy(look(10, null))],
            [narrow(look(0, 1e5)), narrow(look(0, 1e5)), narrow(look(0, 1e5))],
            [fine(look(9.9, 150000)), fine(look(null, null)), fine(look(9.9, 150000))],
            [first.lossPercent, then.lossPercent],
            [grade({ lossPercent: 1, roundTripMs: 20 }), grade({ lossPercent: 3, roundTripMs: 20 }), grade({ lossPercent: 9, roundTripMs: 20 }), grade({})],
          ];
        }"""
    )
    assert told == [
        [False, False, False, True],
        [False, False, True],
        [False, False, False],
        [0, 20],
        ["good", "fair", "poor", "unknown"],
    ]


@pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
def test_asking_an_hour_and_the_lists_fit_and_are_accessible(
    clinic: Clinic, devices: Devices, size: tuple[int, int]
) -> None:
    name = "Trần Thị Bưởi Mẫu" if size == PHONE else "Trần Thị Cam Mẫu"
    citizen = clinic.patient(full_name=name)
    phone = devices.add(citizen, size=size).new_page()
    phone.goto(f"{clinic.address}/hen-kham")
    phone.fill("[name=wish]", "Ho nhiều về đêm")
    phone.get_by_role("button", name="Gửi yêu cầu").click(timeout=SOON)
    expect(phone.get_by_role("link", name="Vào phòng chờ")).to_be_visible(timeout=SOON)
    fits(phone)

    desk = devices.add(DOCTOR, size=size).new_page()
    desk.goto(f"{clinic.address}/kham")
    card = desk.locator("article", has_text=name)
    card.get_by_role("button", name="Hẹn giờ").click(timeout=SOON)
    desk.get_by_role("button", name="Lưu giờ hẹn").click()
    expect(desk.locator("#ahead article", has_text=name)).to_be_visible(timeout=SOON)
    fits(desk)
    phone.reload()
    expect(phone.locator(".when")).to_contain_text("phút", timeout=SOON)
    card.get_by_role("button", name="Hủy cuộc hẹn").click()
    desk.locator("dialog").get_by_role("button", name="Hủy cuộc hẹn").click()
    expect(desk.locator("#over article", has_text=name)).to_be_visible(timeout=SOON)


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_both_languages_say_the_same_things() -> None:
    import json

    folder = Path(coturn.__file__).parents[2] / "services/f0-monitoring/src/f0_monitoring/pages/kham"
    vietnamese, english = (
        json.loads((folder / "locales" / f"{name}.json").read_text("utf-8")) for name in ("vi", "en")
    )
    assert vietnamese.keys() == english.keys()
    for key, text in vietnamese.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", english[key])), key
