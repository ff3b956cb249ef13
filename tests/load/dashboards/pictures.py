"""
Pictures of Grafana's dashboards without Grafana: each panel's queries, answered by Prometheus, drawn in Chromium.

What is shown is what the queries give, in the units and with the legends of the panels; the look is ours.
"""

import io
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, Route, sync_playwright

from common.web import vendor
from deploy.k8s import dashboards
from tests.browser.devices import READY, launch
from tests.load.dashboards.prometheus import Answers

SITE = "http://dashboards.invalid"
FOLDERS = {"page": Path(__file__).parent / "page", "static": vendor.VENDOR.parent}
FOREIGN = ("kafka_", "kubelet_", "kube_")
COLOURS = 48
"""Enough for lines and letters, and a picture stays below 200 kB."""


def read(name: str, answers: Answers, caption: str) -> dict[str, Any]:
    """Return dashboard *name* with the answers to the queries of its panels."""
    made = dashboards.dashboard(name)
    panels = [_panel(panel, answers) for panel in made["panels"]]
    return {"title": made["title"], "caption": caption, "moments": answers.moments, "panels": panels}


def _panel(panel: dict[str, Any], answers: Answers) -> dict[str, Any]:
    lines = [
        asdict(line)
        for target in panel["targets"]
        for line in answers.lines(target["expr"], target["legendFormat"])
    ]
    is_foreign = any(name in target["expr"] for target in panel["targets"] for name in FOREIGN)
    return {
        "title": panel["title"],
        "about": panel["description"],
        "unit": panel["fieldConfig"]["defaults"]["unit"],
        "lines": lines,
        "nothing": "Measured by the cluster's own programs; there was no cluster."
        if is_foreign
        else "No data.",
    }


def empty_panels(shown: dict[str, Any]) -> list[str]:
    """Name the panels of a read dashboard to which no series answered."""
    return [f"{shown['title']}: {panel['title']}" for panel in shown["panels"] if not panel["lines"]]


@contextmanager
def _page() -> Iterator[Page]:
    with sync_playwright() as play:
        browser = launch(play)
        page = browser.new_page(viewport={"width": 1592, "height": 200})
        page.route(f"{SITE}/**", _from_disk)
        page.goto(f"{SITE}/page/index.html")
        page.wait_for_selector(READY, state="attached")
        yield page
        browser.close()


def _from_disk(route: Route) -> None:
    folder, _, name = route.request.url.removeprefix(f"{SITE}/").partition("/")
    file = FOLDERS[folder] / name
    kind = "text/javascript" if file.suffix in (".js", ".mjs") else mimetypes.guess_type(name)[0]
    route.fulfill(body=file.read_bytes(), content_type=kind or "application/octet-stream")


def draw(shown: dict[str, Any], file: Path) -> None:
    """Write the picture of a read dashboard to *file* (PNG)."""
    with _page() as page:
        page.evaluate("shown => draw(shown)", shown)
        page.evaluate("document.fonts.ready")
        page.wait_for_function("document.querySelectorAll('section').length > 0")
        taken = page.screenshot(full_page=True)
    picture = Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(file, optimize=True)
