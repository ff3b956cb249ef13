"""Every graph and every alert asks for something that a running system really shows, in words Prometheus takes."""

import re
from collections.abc import Iterable

import httpx
import pytest

from deploy.k8s import alerts, dashboards
from deploy.local.services import PACKAGES
from tests.integration.rehearsed.conftest import Rehearsed

FOREIGN = ("kube_", "kubelet_", "certmanager_", "kafka_controller_", "keda_")
"""Exported by the cluster's own programs, not by a service."""
WORDS = frozenset(
    [
        "sum",
        "max",
        "min",
        "by",
        "on",
        "le",
        "and",
        "or",
        "unless",
        "rate",
        "increase",
        "histogram_quantile",
        "time",
        "absent",
        "predict_linear",
        "round",
    ]
)
OURS = re.compile(r"\b(?:lachan|process)_\w+")
SELECTOR = re.compile(r"\b((?:lachan|process)_\w+)\{([^}]*)\}")
GROUPED = re.compile(r"\bby \(([^)]*)\)")
FROM_PROMETHEUS = {"service", "pod", "le", "namespace"}
"""Labels that the scraping adds (ServiceMonitor, prometheus.yaml), and the bound of a histogram."""


def expressions() -> Iterable[tuple[str, str]]:
    yield from ((alert.name, alert.expression) for alert in alerts.ALERTS)
    yield from alerts.RECORDED.items()
    for title, panels in dashboards.DASHBOARDS.values():
        yield from ((f"{title}: {panel.title}", query) for panel in panels for _, query in panel.queries)


@pytest.fixture(scope="module")
def shown(rehearsed: Rehearsed) -> dict[str, set[str]]:
    """Return each series that the five services show, with its labels."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        text = httpx.get(f"{rehearsed.stack.address(package)}/metrics", timeout=60).text
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split()
                suffixes = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
                for suffix in suffixes:
                    found.setdefault(name + suffix, set())
            elif match := re.match(r"([a-z_]+)(?:\{([^}]*)\})? ", line):
                found.setdefault(match[1], set()).update(re.findall(r'(\w+)="', match[2] or ""))
    return found


def test_no_expression_names_a_series_that_no_service_shows(shown: dict[str, set[str]]) -> None:
    asked = {name: OURS.findall(text) for name, text in expressions()}
    missing = {name: left for name, names in asked.items() if (left := [n for n in names if n not in shown])}
    assert missing == {}
    assert sum(map(len, asked.values())) > 30


def test_no_expression_groups_by_a_label_that_its_series_do_not_have(shown: dict[str, set[str]]) -> None:
    wrong = {}
    for name, text in expressions():
        series = [each for each in OURS.findall(text) if shown.get(each)]
        if not series or any(foreign in text for foreign in FOREIGN):
            continue
        known = set.union(*(shown[each] for each in series)) | FROM_PROMETHEUS
        asked = {label.strip() for group in GROUPED.findall(text) for label in group.split(",")}
        asked |= {
            label for _, inner in SELECTOR.findall(text) for label in re.findall(r"(\w+)\s*[=!~]", inner)
        }
        if asked - known:
            wrong[name] = asked - known
    assert wrong == {}


def test_whatever_is_neither_ours_nor_recorded_comes_from_the_cluster() -> None:
    for name, text in expressions():
        bare = re.sub(
            r"\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"|lachan:[\w:]+|\bby \([^)]*\)|\bon \([^)]*\)", " ", text
        )
        left = {word for word in re.findall(r"\b[a-z]\w+", bare) if word not in WORDS}
        left -= set(OURS.findall(text)) | {"up"}
        assert all(word.startswith(FOREIGN) for word in left), (name, left)
