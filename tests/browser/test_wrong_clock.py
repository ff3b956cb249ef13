"""A device whose clock is hours wrong stays signed in, and a token that is over is renewed and not believed."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from common.oidc_local.minting import DEFAULT_ISSUER
from common.testing.sign_in import token
from tests.browser.devices import PHONE, READY, Devices
from tests.browser.test_permit_pages import Served, served

__all__ = ["served"]

HOUR = timedelta(hours=1)
OFFICER = (("permit_officer",), ("19",))
Opens = Callable[..., tuple[Page, list[str]]]


@pytest.fixture
def opened(served: Served, devices: Devices) -> Opens:
    """Open the officer's desk with *bearer* on a device whose clock is *off*; the issuer answers *renewed*."""

    def open_page(bearer: str, off: timedelta, renewed: str = "") -> tuple[Page, list[str]]:
        page, asked = devices.add(size=PHONE).new_page(), []
        session = json.dumps({"token": bearer, "refresh": "con-han" if renewed else None})
        keep = f"sessionStorage.getItem('lachan.session') || sessionStorage.setItem('lachan.session', {json.dumps(session)})"
        page.add_init_script(f"if (location.protocol !== 'about:') {{ {keep} }}")
        page.clock.install(time=datetime.now(UTC) + off)

        def issuer(route: Route) -> None:
            asked.append(route.request.url)
            cors = {"access-control-allow-origin": "*"}
            ends = {f"{name}_endpoint": f"{DEFAULT_ISSUER}/{name}" for name in ("token", "authorization")}
            body = (
                {"access_token": renewed, "refresh_token": "con-han"}
                if "token" in route.request.url
                else ends
            )
            route.fulfill(json=body, headers=cors)

        page.route(f"{DEFAULT_ISSUER}/**", issuer)
        page.goto(f"{served.address}/permits?v=list")
        return page, asked

    return open_page


@pytest.mark.parametrize("hours", [-30, -5, 5, 30])
def test_a_wrong_clock_signs_nobody_out_and_starts_no_loop(opened: Opens, hours: int) -> None:
    page, asked = opened(token(*OFFICER, name="Cán bộ Mẫu"), hours * HOUR)
    page.wait_for_selector(READY, state="attached")
    expect(page.locator(".bar h1")).to_contain_text("Cán bộ Mẫu")
    with page.expect_response(re.compile(r"/v1/permits\?")) as answer:
        page.reload()
    assert answer.value.status == 200
    page.wait_for_selector(READY, state="attached")
    assert asked == []
    assert page.url.endswith("/permits?v=list")


@pytest.mark.parametrize("hours", [-5, 0, 5])
def test_a_token_that_is_over_is_renewed_once_whatever_the_clock_says(opened: Opens, hours: int) -> None:
    over = token(*OFFICER, name="Hết hạn", seconds=-3600)
    good = token(*OFFICER, name="Cán bộ Mẫu")
    page, asked = opened(over, hours * HOUR, good)
    page.wait_for_selector(READY, state="attached")
    expect(page.locator(".bar h1")).to_contain_text("Cán bộ Mẫu")
    page.wait_for_timeout(500)
    assert sum(url.endswith("/token") for url in asked) == 1
    assert not any("authorization" in url for url in asked)


def test_a_clock_set_right_while_the_page_is_open_keeps_the_session(opened: Opens) -> None:
    page, asked = opened(token(*OFFICER, name="Cán bộ Mẫu"), -9 * HOUR)
    page.wait_for_selector(READY, state="attached")
    page.clock.set_system_time(datetime.now(UTC) + 9 * HOUR)
    with page.expect_response(re.compile(r"/v1/permits\?")) as answer:
        page.get_by_role("button", name="Tạm dừng").click()
    assert answer.value.status == 200
    assert asked == []
