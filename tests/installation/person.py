"""People at the door of the running system, each with a browser of their own, signed in at Keycloak."""

import socket
import ssl
from typing import Any

from playwright.sync_api import Browser, Page, expect

from deploy.local.compose import HOSTS, PASSWORD
from tests.browser.devices import READY, WALL

PATIENCE_MS = 120_000
"""How long a page may take on a machine that runs everything."""
_CALL = "async ([path, options]) => (await import('shell/auth.js')).call(path, options)"


class Person:
    """Somebody of the sample accounts."""

    def __init__(self, browser: Browser, username: str, *, size: tuple[int, int] = WALL) -> None:
        # The certificate is examined on its own (`certificate_of`); Chromium does not know this authority.
        self._context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, ignore_https_errors=True, locale="vi-VN"
        )
        self.username = username
        self.faults: list[str] = []
        self._context.on("weberror", lambda fault: self.faults.append(str(fault.error)))

    def opens(self, package: str, path: str = "/", *, shows: str = READY) -> Page:
        """Open a page by its name of this installation until it *shows* that; sign in at Keycloak if it asks."""
        page = self.plain(address(package, path))
        sign_in = page.locator("#username")
        expect(sign_in.or_(page.locator(shows)).first).to_be_attached(timeout=PATIENCE_MS)
        if sign_in.count():
            sign_in.fill(self.username)
            page.locator("#password").fill(PASSWORD)
            page.locator("#kc-login").click()
        page.wait_for_selector(shows, state="attached", timeout=PATIENCE_MS)
        return page

    def plain(self, where: str) -> Page:
        """Open any address."""
        page = self._context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(where, wait_until="commit")
        return page

    @staticmethod
    def calls(page: Page, path: str, body: Any = None, *, key: str = "", method: str = "") -> Any:
        """Ask the page's own service as the page's own code does."""
        options = {"key": key or None, "method": method or None}
        return page.evaluate(_CALL, [path, options | ({} if body is None else {"json": body})])


def address(package: str, path: str = "/") -> str:
    """Return the address that people type."""
    return f"https://{HOSTS[package]}.localhost:8443{path}"


def certificate_of(name: str, authority: str) -> str:
    """Shake hands with the door as *name*, believing *authority* (PEM) only; return the protocol."""
    context = ssl.create_default_context(cadata=authority)
    with (
        socket.create_connection(("127.0.0.1", 8443), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname=name) as door,
    ):
        return str(door.version())
