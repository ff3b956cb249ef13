"""Chromium as the tests of pages use it, and the phones and screens of one test."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--disable-gpu"]
"""Beside those of Playwright, which already keep Chromium from calling home and from filling /dev/shm."""
PHONE, WALL = (390, 844), (1920, 1080)
READY = "html[data-ready]"


def pictured(page: Page, name: str) -> None:
    """Keep a picture of the whole page where somebody wants one: LACHAN_SCREENSHOTS names the folder."""
    if folder := os.environ.get("LACHAN_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}-{page.evaluate('innerWidth')}.png", full_page=True)


def launch(play: Playwright, *more: str) -> Browser:
    """Start Chromium with *more* arguments than usual."""
    return play.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *more])


class Devices:
    """
    Phones and screens, each with a profile of its own, and what went wrong on their pages.

    What a page reports is only noted while the test runs: a listener that calls `pytest.fail` ends the
    connection to the browser, and the test then says "Target closed" and not what the page had reported.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def add(
        self, bearer: str = "", *, size: tuple[int, int] = WALL, browser: Browser | None = None, **more: Any
    ) -> BrowserContext:
        """Return a device on which the owner of *bearer* is signed in."""
        viewport = {"width": size[0], "height": size[1]}
        context = (browser or self._browser).new_context(viewport=viewport, **more)
        self._contexts.append(context)
        if bearer:
            session = json.dumps(json.dumps({"token": bearer}))
            keep = f"sessionStorage.setItem('lachan.session', {session})"
            context.add_init_script(f"if (location.protocol !== 'about:') {keep}")
        context.on("console", lambda said: print("console:", said.text))
        context.on("weberror", lambda fault: self.note(fault.page, str(fault.error)))
        return context

    def note(self, page: Page | None, text: str) -> None:
        """Keep a fault; the test fails with it once it is over."""
        self.faults.append(f"{page.url if page else 'a page'}: {text}")

    def close(self) -> None:
        """Switch everything off."""
        for context in self._contexts:
            context.close()
