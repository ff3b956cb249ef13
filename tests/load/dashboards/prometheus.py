"""A real Prometheus that reads the five services of one stack, and the answers to what panels ask it."""

import math
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from deploy.k8s.promtool import RULES
from deploy.local.checkout import HOST, free_ports
from deploy.local.process import Child, Program
from deploy.local.services import PACKAGES
from deploy.local.stack import Stack

SCRAPE_SECONDS = 5
RATE_SECONDS = 30
"""Grafana's $__rate_interval is at least four scrapes."""
START_SECONDS = 60.0
_LABEL = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class NoPrometheus(RuntimeError):
    """There is no prometheus on PATH (Debian: apt install prometheus)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One series: its legend, and a value at each moment (None where there is none)."""

    legend: str
    values: list[float | None]


class Answers:
    """What a Prometheus at *address* knows of the time from *begin* to *end* (Unix seconds)."""

    def __init__(self, address: str, begin: float, end: float, step_seconds: int = SCRAPE_SECONDS) -> None:
        self.address, self.step = address, step_seconds
        self.moments = [begin + n * step_seconds for n in range(int((end - begin) / step_seconds) + 1)]

    def lines(self, expression: str, legend: str) -> list[Line]:
        """Evaluate *expression* over the time; raises RuntimeError with what Prometheus says against it."""
        asked = expression.replace("$__rate_interval", f"{RATE_SECONDS}s")
        query: dict[str, str | float] = {
            "query": asked,
            "start": self.moments[0],
            "end": self.moments[-1],
            "step": self.step,
        }
        answer = httpx.get(f"{self.address}/api/v1/query_range", params=query, timeout=60).json()
        if answer["status"] != "success":
            raise RuntimeError(f"{asked}: {answer.get('error')}")
        lines = [self._line(series, legend) for series in answer["data"]["result"]]
        return [line for line in lines if any(value is not None for value in line.values)]

    def rang(self) -> list[str]:
        """Return the names of the alerts that rang during that time."""
        names = self.lines('sum by (alertname, severity) (ALERTS{alertstate="firing"})', "{{alertname}}")
        return sorted({line.legend for line in names})

    def _line(self, series: dict[str, Any], legend: str) -> Line:
        at = {
            round((moment - self.moments[0]) / self.step): float(value) for moment, value in series["values"]
        }
        known = [at.get(number) for number in range(len(self.moments))]
        values = [value if value is not None and math.isfinite(value) else None for value in known]
        return Line(_LABEL.sub(lambda label: series["metric"].get(label[1], ""), legend), values)


@contextmanager
def reading(stack: Stack, folder: Path) -> Iterator[str]:
    """Let a Prometheus read *stack* with the alert rules of deploy/compose; yield its address."""
    program = shutil.which("prometheus")
    if program is None:
        raise NoPrometheus("prometheus is not installed (Debian: apt install prometheus)")
    port = free_ports().start
    folder.mkdir(parents=True)
    file = folder / "prometheus.yaml"
    file.write_text(yaml.safe_dump(_settings(stack)), "utf-8")
    address = f"http://{HOST}:{port}"
    child = Child(
        Program(
            name="prometheus",
            command=(
                *(program, f"--config.file={file}", f"--storage.tsdb.path={folder / 'data'}"),
                f"--web.listen-address={HOST}:{port}",
            ),
            log=folder / "prometheus.log",
            is_ready=lambda: _answers(address),
        )
    )
    child.start()
    try:
        child.wait_ready(START_SECONDS)
        yield address
    finally:
        child.stop()


def _settings(stack: Stack) -> dict[str, Any]:
    """Name services and pods as deploy/compose/prometheus does."""
    targets = [
        {
            "targets": [stack.address(package).removeprefix("http://")],
            "labels": {"service": name, "namespace": "la-chan", "pod": name},
        }
        for package in PACKAGES
        for name in [package.replace("_", "-")]
    ]
    interval = f"{SCRAPE_SECONDS}s"
    return {
        "global": {"scrape_interval": interval, "evaluation_interval": interval},
        "rule_files": [str(RULES)],
        "scrape_configs": [{"job_name": "la-chan", "static_configs": targets}],
    }


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/-/ready", timeout=2).is_success
    except httpx.HTTPError:
        return False
