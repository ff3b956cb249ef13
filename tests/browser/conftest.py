"""
A Chromium for each module of tests, new devices for each test, and no fault of a page overlooked.

A test that asks for one of these fixtures gets the marker `browser` by itself. Without Chromium it is skipped
for a plain user; on CI a missing Chromium is a failure.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.devices import CHROMIUM, Devices, launch

expect.set_options(timeout=20_000)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that reach Chromium."""
    for item in items:
        if "play" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            item.add_marker(pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to pretend: tests of pages were chosen and cannot run."""
    chosen = any(item.get_closest_marker("browser") for item in session.items)
    if (
        chosen
        and CHROMIUM is None
        and os.environ.get("CI") == "true"
        and not session.config.option.collectonly
    ):
        raise pytest.UsageError("Chromium is not installed, so the pages cannot be tested")


@pytest.fixture(scope="module")
def play() -> Iterator[Playwright]:
    """Return Playwright; not for the session, because no asyncio test can run in its thread while it is there."""
    with sync_playwright() as play:
        yield play


@pytest.fixture(scope="module")
def browser(play: Playwright) -> Iterator[Browser]:
    """Return the module's Chromium."""
    browser = launch(play)
    yield browser
    browser.close()


@pytest.fixture
def devices(browser: Browser) -> Iterator[Devices]:
    """Return the test's devices; a fault on one of their pages fails the test."""
    devices = Devices(browser)
    yield devices
    devices.close()
    assert devices.faults == []
