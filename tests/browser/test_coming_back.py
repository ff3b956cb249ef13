"""Whoever follows a link and has to sign in first comes to what the link names, not to the first of a list."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route, expect

from common.oidc_local.minting import DEFAULT_ISSUER
from common.testing.sign_in import token
from tests.browser.devices import PHONE, READY, Devices
from tests.browser.test_permit_pages import Served, served

__all__ = ["served"]


def signing_in(page: Page) -> None:
    """Answer as the issuer does, to somebody who signs in at once."""

    def issuer(route: Route) -> None:
        asked = urlsplit(route.request.url)
        ends = {f"{name}_endpoint": f"{DEFAULT_ISSUER}/{name}" for name in ("token", "authorization")}
        if asked.path.endswith("/authorization"):
            wish = {name: values[0] for name, values in parse_qs(asked.query).items()}
            back = f"{wish['redirect_uri']}?code=mot-lan&state={wish['state']}"
            route.fulfill(content_type="text/html", body=f"<script>location.replace({back!r})</script>")
            return
        bearer = token(("permit_officer",), ("19",), name="Cán bộ Mẫu")
        body = {"access_token": bearer, "refresh_token": ""} if asked.path.endswith("/token") else ends
        route.fulfill(json=body, headers={"access-control-allow-origin": "*"})

    page.route(f"{DEFAULT_ISSUER}/**", issuer)


def test_a_link_that_asks_for_signing_in_leads_where_it_says(served: Served, devices: Devices) -> None:
    page = devices.add(size=PHONE).new_page()
    signing_in(page)

    page.goto(f"{served.address}/permits?v=list#dau")

    page.wait_for_selector(READY, state="attached")
    expect(page).to_have_url(re.compile(r"/permits\?v=list#dau$"))
    expect(page.get_by_role("button", name="Danh sách", pressed=True)).to_be_visible()


def test_the_language_that_a_link_names_outlasts_signing_in(served: Served, devices: Devices) -> None:
    page = devices.add(size=PHONE).new_page()
    signing_in(page)

    page.goto(f"{served.address}/permits?lang=en")

    page.wait_for_selector(READY, state="attached")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="New permit")).to_be_visible()
