"""On CI a missing Chromium is a failure, not a reason to skip."""

import os
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


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
