"""The scanner at a checkpoint: with a network, without one, from a cold start, with old lists and a wrong clock."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect

from common.credential import revocation, travel_permit
from common.credential.keys import LocalSigner
from common.credential.revocation import Head
from common.testing.sign_in import bearer, token
from common.work.model import Cause, Errand
from permit.domain.commands import NoteStanding, Reevaluate
from permit.domain.flags import WatchScan
from permit.domain.model import Outcome, Permit, Ruling, Source, Terms, Window
from services.permit.tests.samples import QUANG_VINH
from tests.browser.devices import PHONE, READY, Devices, launch
from tests.browser.test_permit_pages import OFFICER, PERSON, Served, film, forged, served, verdict

__all__ = ["served"]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_NUMBERS = count(300)
IDENTITY = {"full_name": "Trần Thị Mẫu", "birth_year": 1990, "cccd": "019190000321"}
FORBIDDEN = re.compile(r"f0|f1|covid|cách ly|bệnh|nhiễm|dương tính", re.IGNORECASE)


def fresh(served: Served, **changes: Any) -> dict[str, Any]:
    """A permit of somebody new."""
    return served.permit(person={**PERSON, "cccd": f"019084{next(_NUMBERS):06d}"}, **changes)


def bar(served: Served, permit: dict[str, Any], sequence: int, *, is_barred: bool) -> None:
    command = NoteStanding(permit["person_id"], Source.F0, is_barred, sequence)
    cause = Cause(f"{permit['person_id']}-{sequence}")
    served.do(served.works["holders"].run(command, cause))
    served.do(served.works["list_builder"].round())


def revoke(served: Served, permit: dict[str, Any]) -> None:
    path = f"{served.address}/v1/permits/{permit['permit_id']}/revocation"
    reply = httpx.post(path, json={"reason": "Lý do mẫu"}, headers=bearer("permit_officer"), timeout=20)
    assert reply.status_code == 200, reply.text
    served.do(served.works["list_builder"].round())


def shorten(served: Served, permit: dict[str, Any]) -> None:
    """Let a directive shorten a permit after its code was made: its new end was an hour ago."""
    at = datetime.now(UTC) - 3 * HOUR
    command = Reevaluate(permit["person_id"], ((permit["permit_id"], "16"),), at)
    served.do(served.works["holders"].run(command, Cause(f"16-{permit['permit_id']}")))
    served.do(served.works["list_builder"].round())


def flag(served: Served, permit: dict[str, Any]) -> None:
    """Show a permit in two lanes of one checkpoint at once, and let the watch compare."""
    lanes = [
        {
            "qr": permit["qr"],
            "checkpoint_id": "thai-nguyen",
            "scan_id": f"{permit['permit_id']}-{lane}",
            "lane": lane,
        }
        for lane in ("1", "2")
    ]
    url, headers = f"{served.address}/v1/verifications", bearer("checkpoint_officer")
    ids = [httpx.post(url, json=body, headers=headers, timeout=20).json()["scan_id"] for body in lanes]
    served.do(served.works["watch"].run_batch([Errand(WatchScan(each), Cause(each)) for each in ids]))
    served.do(served.works["list_builder"].round())


def code(served: Served, number: str = "MAUMAU0000000001", **changes: Any) -> str:
    """A genuine code with terms that no application would get, such as an end in the past."""
    now = datetime.now(UTC).replace(microsecond=0)
    terms = Terms("worker", ("19",), (), "20C12345", now - HOUR, now + 20 * DAY)
    terms = replace(terms, **changes)
    ruling = Ruling(Outcome.APPROVED, "mau", "mau")
    permit = Permit(number.replace("U", "V"), QUANG_VINH, terms, ruling, now - HOUR, "mau", "")
    return str(served.do(served.works["gate"]._signing.code_of("pmau", permit, IDENTITY)))


def of_a_stranger(text: str, served: Served) -> str:
    """The same permit signed by somebody else."""
    trusted = served.do(served.works["gate"]._signing.trusted())
    return travel_permit.sign(travel_permit.verify(text, trusted, datetime.now(UTC)), LocalSigner.generate())


def scan(page: Page, text: str, reason: str) -> None:
    """A hand scanner types a code and Enter; nobody taps anything."""
    # The verdict before may have given the same reason: it is the next one that is waited for.
    page.evaluate("document.querySelector('#verdict').removeAttribute('data-reason')")
    page.evaluate(
        "text => [...text, 'Enter'].forEach(key => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })))",
        text,
    )
    verdict(page, reason)


def refresh(page: Page) -> None:
    """Ask for the lists now."""
    page.evaluate("document.querySelector('#verdict').close()")
    page.locator("#duty").click()
    with page.expect_response(re.compile("revocations/(head|changes|full)")):
        page.locator("#refresh").click()
    page.wait_for_timeout(300)
    page.locator("#shift-back").click()


Opens = Callable[..., Page]


@pytest.fixture
def opened(served: Served, devices: Devices) -> Opens:
    """Take over a shift on a phone; *prepare* is done to the device before the page opens."""

    def open_page(prepare: Callable[[Page], None] = lambda _: None, **more: Any) -> Page:
        served.do(served.works["list_builder"].round())
        page = devices.add(OFFICER, size=PHONE, **more).new_page()
        prepare(page)
        page.goto(f"{served.address}/scan")
        page.get_by_role("button", name="Chốt thai-nguyen").click()
        page.wait_for_selector(READY)
        expect(page.locator("#list")).not_to_have_text("—")  # a device that never had a list lets nobody pass
        return page

    return open_page


def answering(body: bytes) -> Callable[[Route], None]:
    """Answer in the place of the centre."""
    return lambda route: route.fulfill(body=body)


def kept_offline(context: BrowserContext, page: Page) -> None:
    """Wait until the device has everything that a start without a network needs."""
    page.wait_for_function("navigator.serviceWorker.ready.then(found => !!found.active)")
    context.set_offline(True)


def test_without_a_network_an_old_code_is_judged_by_the_terms_that_a_directive_left(
    served: Served, opened: Opens
) -> None:
    until = (datetime.now(UTC) + 60 * HOUR).isoformat()
    permit, other = fresh(served, category="family-emergency", valid_until=until), fresh(served)
    page = opened()
    kept_offline(page.context, page)
    scan(page, permit["qr"], "valid")
    scan(page, other["qr"], "valid")
    shorten(served, permit)
    # The device asks by itself when it is back: whichever look finds the change counts.
    with page.expect_response(re.compile("revocations/changes")):
        page.context.set_offline(False)
        refresh(page)
    page.wait_for_timeout(300)
    page.context.set_offline(True)
    scan(page, permit["qr"], "expired")
    expect(page.locator("#why")).to_contain_text("đã đổi giờ")
    expect(page.locator("#next-step")).to_contain_text("mở mã mới")


def test_without_a_network_every_kind_of_paper_gets_its_verdict(served: Served, opened: Opens) -> None:
    valid, suspended, revoked, watched = (fresh(served) for _ in range(4))
    bar(served, suspended, 1, is_barred=True)
    revoke(served, revoked)
    flag(served, watched)
    local = datetime.now(UTC) + 7 * HOUR
    away = (local.hour * 60 + local.minute + 300) % 1440
    page = opened()
    page.context.set_offline(True)
    now = datetime.now(UTC).replace(microsecond=0)
    for text, reason, word in (
        (valid["qr"], "valid", "ĐƯỢC QUA"),
        (suspended["qr"], "not-valid-now", "KHÔNG QUA"),
        (revoked["qr"], "revoked", "KHÔNG QUA"),
        (watched["qr"], "watched", "KIỂM TRA"),
        (code(served, valid_from=now - 9 * HOUR, valid_until=now - HOUR), "expired", "KHÔNG QUA"),
        (code(served, areas=("172",)), "outside-area", "KHÔNG QUA"),
        (code(served, windows=(Window(127, away, (away + 60) % 1440),)), "outside-hours", "KHÔNG QUA"),
        (forged(valid["qr"]), "bad-signature", "KHÔNG QUA"),
        (of_a_stranger(valid["qr"], served), "unknown-key", "KIỂM TRA"),
    ):
        scan(page, text, reason)
        expect(page.locator("#word")).to_have_text(word)
        expect(page.locator("#how")).to_contain_text("Kiểm tra trên máy")
        is_proven = reason not in ("bad-signature", "unknown-key")
        expect(page.locator("#facts")).to_contain_text("Mẫu") if is_proven else expect(
            page.locator("#facts div")
        ).to_have_count(0)
        assert not FORBIDDEN.search(page.locator("#verdict").inner_text())
    expect(page.locator("#count")).to_have_text("9")
    path = f"{served.address}/v1/permits/{watched['permit_id']}/flag-clearance"
    reply = httpx.post(path, json={"reason": "Lý do mẫu"}, headers=bearer("permit_officer"), timeout=20)
    assert reply.status_code == 200, reply.text


def test_a_suspended_permit_counts_again_after_it_was_reinstated(served: Served, opened: Opens) -> None:
    permit = fresh(served)
    bar(served, permit, 1, is_barred=True)
    page = opened()
    page.context.set_offline(True)
    scan(page, permit["qr"], "not-valid-now")
    expect(page.locator("#next-step")).to_contain_text("gọi xã, phường")
    page.context.set_offline(False)
    bar(served, permit, 2, is_barred=False)
    page.wait_for_timeout(600)
    refresh(page)
    page.context.set_offline(True)
    page.wait_for_timeout(3100)
    scan(page, permit["qr"], "valid")


def test_the_scanner_starts_cold_without_a_network_and_sends_its_scans_once(
    served: Served, opened: Opens
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
    expect(page.locator("#post")).to_have_text("Chốt thai-nguyen")
    expect(page.locator("#net")).to_have_text("Mất mạng")
    scan(page, permit["qr"], "valid")
    expect(page.locator("#facts")).to_contain_text("Thái Nguyên")
    scan(page, revoked["qr"], "revoked")
    expect(page.locator("#waiting")).to_contain_text("2 lượt chờ gửi")
    kept = page.evaluate(
        """() => new Promise(done => { const open = indexedDB.open('lachan-scanner');
        open.onsuccess = () => { const all = open.result.transaction('queue').objectStore('queue').getAll();
        all.onsuccess = () => done(JSON.stringify(all.result.map(row =>
          ({ ...row, sealed: String.fromCharCode(...new Uint8Array(row.sealed)) })))); }; })"""
    )
    assert "TP1:" not in kept
    assert permit["qr"][:40] not in json.loads(kept)[0]["sealed"]
    before = set(served.works["scans"].store.rows)
    context.set_offline(False)
    expect(page.locator("#waiting")).to_have_text("")
    rows = [row for key, row in served.works["scans"].store.rows.items() if key not in before]
    assert sorted(str(row.judgement.reason) for row in rows) == ["revoked", "valid"]
    assert {row.mode for row in rows} == {"offline"}
    assert all(row.list_age_seconds is not None for row in rows)


def test_a_page_that_starts_without_network_and_sign_in_goes_on_with_the_open_shift(
    served: Served, opened: Opens
) -> None:
    permit = fresh(served)
    first = opened()
    kept_offline(first.context, first)
    context = first.context
    first.close()
    page = context.new_page()
    page.add_init_script("sessionStorage.clear()")
    page.goto(f"{served.address}/scan")
    page.wait_for_selector(READY)
    expect(page.locator("#officer")).to_contain_text("Trần Văn Chốt Mẫu")
    scan(page, permit["qr"], "valid")
    expect(page.locator("#waiting")).to_contain_text("1 lượt chờ gửi")


def test_the_next_code_needs_no_tap(served: Served, play: Playwright, opened: Opens, tmp_path: Path) -> None:
    one, two = fresh(served), fresh(served)
    revoke(served, two)
    films = []
    for number, permit in enumerate((one, two)):
        film(permit["qr"], tmp_path / f"{number}.y4m")
        films.append((tmp_path / f"{number}.y4m").read_bytes())
    frames = films[1][films[1].index(b"FRAME") :]
    sees = tmp_path / "both.y4m"
    sees.write_bytes(films[0] * 1 + frames)
    camera = launch(
        play,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={sees}",
    )
    page = opened(browser=camera, permissions=["camera"])
    page.locator("#verdict[data-reason=valid]").wait_for()
    page.locator("#verdict[data-reason=revoked]").wait_for()
    page.close()
    camera.close()


def test_old_lists_turn_amber_and_then_only_a_look_at_the_paper_lets_pass(
    served: Served, opened: Opens
) -> None:
    revoked = fresh(served)
    revoke(served, revoked)
    page = opened(lambda page: page.clock.install())
    page.context.set_offline(True)
    now = datetime.now(UTC)
    text = code(served, number="MAVMAV0000000002")
    for age, reason, shown in ((25 * HOUR, "valid", "old"), (73 * HOUR, "stale-list", "too-old")):
        page.clock.set_system_time(now + age)
        page.wait_for_timeout(3100)
        scan(page, text, reason)
        page.evaluate("dispatchEvent(new Event('offline'))")
        expect(page.locator("#list")).to_have_class(shown)
        expect(page.locator("#warnings")).to_contain_text("Danh sách đã")
    expect(page.locator("#word")).to_have_text("KIỂM TRA")
    expect(page.locator("#facts")).to_contain_text("Trần Thị Mẫu")
    scan(page, revoked["qr"], "revoked")


def test_a_clock_that_is_wrong_is_corrected_and_one_set_back_revives_nothing(
    served: Served, opened: Opens
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    minute = timedelta(minutes=1)
    over = code(served, number="MAVMAV0000000003", valid_from=now - 9 * HOUR, valid_until=now - 20 * minute)
    ending = code(served, number="MAVMAV0000000004", valid_until=now + 10 * minute)
    page = opened(lambda page: page.clock.install(time=datetime.now(UTC) + 30 * minute))
    expect(page.locator("#warnings")).to_contain_text("Đồng hồ máy lệch")
    page.context.set_offline(True)
    scan(page, ending, "valid")
    page.clock.set_system_time(datetime.now(UTC) - 5 * HOUR)
    scan(page, over, "expired")


def test_when_the_centre_is_slow_the_device_answers_and_is_corrected(served: Served, opened: Opens) -> None:
    permit = fresh(served)
    page = opened(service_workers="block")
    page.route("**/v1/revocations/**", lambda route: route.abort())
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/v1/verifications", hold)
    command = NoteStanding(permit["person_id"], Source.F0, is_barred=True, sequence=1)
    served.do(served.works["holders"].run(command, Cause("slow-1")))
    scan(page, permit["qr"], "valid")
    expect(page.locator("#how")).to_contain_text("Đang hỏi trung tâm")
    expect(page.locator("#waiting")).to_contain_text("1 lượt chờ gửi")
    held[0].continue_()
    verdict(page, "not-valid-now")
    expect(page.locator("#changed")).to_contain_text("Trung tâm vừa báo khác")
    expect(page.locator("#waiting")).to_have_text("")
    expect(page.locator("#count")).to_have_text("1")
    assert not FORBIDDEN.search(page.locator("#verdict").inner_text())


def test_a_device_that_got_no_list_at_first_asks_again_soon(served: Served, opened: Opens) -> None:
    permit = fresh(served)
    failed: list[str] = []

    def once(route: Route) -> None:
        failed.append(route.request.url)
        route.fulfill(status=503, json={})

    page = opened(lambda page: page.route("**/v1/revocations/head", once, times=1))
    assert len(failed) == 1
    kept_offline(page.context, page)
    scan(page, permit["qr"], "valid")


def test_a_list_of_another_root_is_not_taken_nor_one_that_is_older(served: Served, opened: Opens) -> None:
    permit = fresh(served)
    revoke(served, permit)
    page = opened(service_workers="block")
    now = datetime.now(UTC).replace(microsecond=0)
    root = served.do(served.works["gate"]._signing.root_signer())
    for signer, sequence in ((LocalSigner.generate(), 10**6), (root, 1)):
        head = revocation.sign_head(Head(sequence, now, now, b"x" * 32), signer)
        page.route("**/v1/revocations/head", answering(head))
        refresh(page)
        expect(page.locator("#warnings")).to_contain_text("không nhận")
        page.unroute("**/v1/revocations/head")
        refresh(page)
        expect(page.locator("#warnings")).not_to_contain_text("không nhận")
    page.context.set_offline(True)
    scan(page, permit["qr"], "revoked")


def test_what_the_officer_does_is_logged_with_its_reason_and_handed_over(
    served: Served, opened: Opens, devices: Devices
) -> None:
    permit, other, refused = fresh(served), fresh(served), fresh(served)
    revoke(served, refused)
    page = opened()
    page.context.set_offline(True)
    scan(page, permit["qr"], "valid")
    page.get_by_role("button", name="Đúng người", exact=True).click()
    expect(page.locator("#noted")).to_contain_text("đúng người")
    scan(page, other["qr"], "valid")
    page.get_by_role("button", name="Không đúng người").click()
    verdict(page, "differed")
    expect(page.locator("#word")).to_have_text("KHÔNG QUA")
    scan(page, refused["qr"], "revoked")
    page.get_by_role("button", name="Vẫn cho qua, có lý do").click()
    page.get_by_label("Lý do khác").check()
    page.get_by_role("button", name="Ghi vào sổ").click()
    expect(page.locator("#reason-wrong")).to_be_visible()
    page.get_by_label("Ghi thêm").fill("Cơ quan gọi điện xác nhận")
    page.get_by_role("button", name="Ghi vào sổ").click()
    expect(page.locator("#noted")).to_contain_text("Đã ghi vào sổ")
    page.get_by_role("button", name="Quét người tiếp theo").click()
    page.get_by_role("button", name="Không có giấy").click()
    page.get_by_label("Biển số xe được đi").fill("20C-115.00")
    page.get_by_role("button", name="Ghi vào sổ").click()
    expect(page.locator("#hint")).to_contain_text("Cho xe đi ngay")
    page.get_by_role("button", name="Ca trực").click()
    expect(page.locator("#shift-facts")).to_contain_text("Khẩn cấp")
    page.get_by_label("Dặn lại ca sau").fill("Cầu đang sửa, xe tải đi đường tránh")
    page.get_by_role("button", name="Giao ca").click()
    expect(page.locator("#waiting")).to_contain_text("chờ gửi")
    page.context.set_offline(False)
    expect(page.locator("#waiting")).to_have_text("")
    page.get_by_role("button", name="Chốt thai-nguyen").click()
    expect(page.locator("#hint")).to_contain_text("Cầu đang sửa")
    acts = {str(row.act) for row in served.works["gate_actions"].store.rows.values()}
    assert acts == {"matched", "differed", "let-pass", "emergency"}
    log = devices.add(token("leader", ("19",)), size=PHONE).new_page()
    log.goto(f"{served.address}/gate-log")
    log.wait_for_selector(READY)
    expect(log.locator("#actions")).to_contain_text("Cấp cứu, sinh nở")
    expect(log.locator("#actions")).to_contain_text("Cơ quan gọi điện xác nhận")
    expect(log.locator("#shifts")).to_contain_text("Cầu đang sửa")
    results = Axe().run(log)
    assert results.violations_count == 0, results.generate_report()


def test_the_scanner_can_be_installed(served: Served, opened: Opens) -> None:
    page = opened()
    manifest = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then(r => r.json())")
    assert manifest["start_url"] == "/scan"
    for icon in manifest["icons"]:
        size = page.evaluate(
            "src => new Promise((ok, no) => { const image = new Image(); image.onerror = no;"
            " image.onload = () => ok(`${image.naturalWidth}x${image.naturalHeight}`); image.src = src; })",
            icon["src"],
        )
        assert size == icon["sizes"]


@pytest.mark.parametrize("opener", ["#duty", "#emergency", "#manual"])
def test_the_dialogs_have_no_accessibility_faults(served: Served, opened: Opens, opener: str) -> None:
    page = opened()
    page.locator(opener).click()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
