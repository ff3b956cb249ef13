"""Grafana's dashboards: the night's overview, the workers, the machines. Every panel says what it means."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from common.contracts.f0_monitoring import PatientDeclared, RiskEscalated
from common.contracts.quarantine import QuarantineBreached
from deploy.k8s.manifest import Manifest, metadata

_WIDE, _HIGH = 12, 8
_LEGEND: Final = {
    "displayMode": "table",
    "placement": "right",
    "calcs": ["max"],
    "sortBy": "Max",
    "sortDesc": True,
}
"""The worst stands first: a panel of groups has two dozen lines."""
_OURS: Final = '{namespace="la-chan"}'
_ROOM: Final = ("available", "capacity")
_RATE: Final = "[$__rate_interval]"


@dataclass(frozen=True, slots=True)
class Panel:
    """One graph: *queries* are (legend, PromQL); *about* is shown at its corner."""

    title: str
    unit: str
    about: str
    queries: tuple[tuple[str, str], ...]


def _quantile(share: float, metric: str, by: str) -> str:
    return f"histogram_quantile({share}, sum by ({by}, le) (rate({metric}_bucket{_RATE})))"


def _flow(group: str, fact: str) -> str:
    chosen = f'{{group="{group}",type="{fact}"}}'
    return f"histogram_quantile(0.99, sum by (le) (rate(lachan_flow_seconds_bucket{chosen}{_RATE})))"


FLOWS: Final = {
    "danger sign: doctor's inbox": ("alerting.watch", RiskEscalated.type),
    "F0 declared: permit suspended": ("permit.standing", PatientDeclared.type),
    "F0 declared: figures": ("ioc-aggregation.fold", PatientDeclared.type),
    "breach seen: police told": ("alerting.watch", QuarantineBreached.type),
}
"""What people wait for: who reads which fact."""
DASHBOARDS: Final[dict[str, tuple[str, tuple[Panel, ...]]]] = {
    "overview": (
        "Lá Chắn: overview",
        (
            Panel(
                "Requests",
                "reqps",
                "Requests answered per second, by service.",
                (("{{service}}", f"sum by (service) (rate(lachan_http_requests_total{_RATE}))"),),
            ),
            Panel(
                "Requests that failed",
                "percentunit",
                "Share of answers that were our fault (5xx).",
                (("{{service}}", "lachan:http_errors:ratio5m"),),
            ),
            Panel(
                "Time to answer, 99 of 100",
                "s",
                "Live streams are not counted.",
                (("{{service}}", _quantile(0.99, "lachan_http_request_seconds", "service")),),
            ),
            Panel(
                "How long until others act, 99 of 100",
                "s",
                "In another service. Promised: a danger sign within 2 s, the permit of a new F0 within 1 s.",
                tuple((legend, _flow(*flow)) for legend, flow in FLOWS.items()),
            ),
            Panel(
                "Records behind",
                "short",
                "What each group has still to read. It must fall back to zero.",
                (("{{group}}", "sum by (group) (lachan_consumer_lag_records)"),),
            ),
            Panel(
                "Oldest fact not sent",
                "s",
                "Above 60 s others do not hear of what was decided.",
                (("{{service}}", "max by (service) (lachan_outbox_oldest_unsent_seconds)"),),
            ),
            Panel(
                "Deadlines overdue",
                "short",
                "Due and acted upon by nobody. Must be zero.",
                (("{{service}}", "max by (service) (lachan_timers_overdue)"),),
            ),
            Panel(
                "Dead letters in an hour",
                "short",
                "Records set aside, by reason. Each waits for somebody.",
                (
                    (
                        "{{group}} {{reason}}",
                        "round(sum by (group, reason) (increase(lachan_dead_letters_total[1h]))) > 0",
                    ),
                ),
            ),
            Panel(
                "Live pages",
                "short",
                "Inboxes, walls and other streams that are open now.",
                (("{{stream}}", "sum by (stream) (lachan_sse_clients)"),),
            ),
        ),
    ),
    "workers": (
        "Lá Chắn: workers",
        (
            Panel(
                "Records read",
                "cps",
                "By consumer group.",
                (("{{group}}", f"sum by (group) (rate(lachan_consumed_records_total{_RATE}))"),),
            ),
            Panel(
                "Batches run again",
                "cps",
                "After a passing fault: database or broker away.",
                (("{{group}}", f"sum by (group) (rate(lachan_consumer_retries_total{_RATE}))"),),
            ),
            Panel(
                "Commands in a batch, median",
                "short",
                "Grows under load: that is how it keeps up.",
                (("{{aggregate}}", _quantile(0.5, "lachan_work_batch_commands", "aggregate")),),
            ),
            Panel(
                "Time to decide and save a batch, 99 of 100",
                "s",
                "Mostly the database.",
                (("{{aggregate}}", _quantile(0.99, "lachan_work_batch_seconds", "aggregate")),),
            ),
            Panel(
                "Saved to published, 99 of 100",
                "s",
                "How long a fact stays in its outbox.",
                (("{{aggregate}}", _quantile(0.99, "lachan_relay_lag_seconds", "aggregate")),),
            ),
            Panel(
                "Decided to acted upon, 99 of 100",
                "s",
                "By consumer group; the oldest fact of each batch counts. Some groups rest on purpose.",
                (("{{group}}", _quantile(0.99, "lachan_flow_seconds", "group")),),
            ),
            Panel(
                "Facts published",
                "cps",
                "By service.",
                (("{{aggregate}}", f"sum by (aggregate) (rate(lachan_relayed_facts_total{_RATE}))"),),
            ),
            Panel(
                "How late deadlines were, 99 of 100",
                "s",
                "A missed declaration must be known within 60 s.",
                (("{{aggregate}}", _quantile(0.99, "lachan_timer_late_seconds", "aggregate")),),
            ),
            Panel(
                "Decided again after a race",
                "cps",
                "Two writers met at one document. Few are normal.",
                (("{{aggregate}}", f"sum by (aggregate) (rate(lachan_work_version_losers_total{_RATE}))"),),
            ),
        ),
    ),
    "machines": (
        "Lá Chắn: pods and stores",
        (
            Panel(
                "Processor time",
                "short",
                "Cores used by each process; one event loop can use about one.",
                (("{{pod}}", f"sum by (pod) (rate(process_cpu_seconds_total{_RATE}))"),),
            ),
            Panel(
                "Memory",
                "bytes",
                "Resident memory of each process.",
                (("{{pod}}", "max by (pod) (process_resident_memory_bytes)"),),
            ),
            Panel(
                "Open files",
                "short",
                "Sockets count, too.",
                (("{{pod}}", "max by (pod) (process_open_fds)"),),
            ),
            Panel(
                "Facts not sent",
                "short",
                "Waiting in documents while Kafka is away.",
                (("{{aggregate}}", "max by (aggregate) (lachan_outbox_unsent_facts)"),),
            ),
            Panel(
                "Partitions without a leader",
                "short",
                "Kafka. Must be zero. Only on Kubernetes.",
                (("offline", f"sum(kafka_controller_kafkacontroller_offlinepartitionscount{_OURS})"),),
            ),
            Panel(
                "Room on volumes",
                "percentunit",
                "Share that is free. Only on Kubernetes.",
                (
                    (
                        "{{persistentvolumeclaim}}",
                        " / ".join(f"kubelet_volume_stats_{part}_bytes{_OURS}" for part in _ROOM),
                    ),
                ),
            ),
        ),
    ),
}


def dashboard(name: str) -> Manifest:
    """Return dashboard *name* as Grafana imports it."""
    title, panels = DASHBOARDS[name]
    source = {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Prometheus"}
    return {
        "uid": f"la-chan-{name}",
        "title": title,
        "tags": ["la-chan"],
        "schemaVersion": 39,
        "editable": False,
        "timezone": "Asia/Ho_Chi_Minh",
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [source]},
        "panels": [_panel(number, panel) for number, panel in enumerate(panels)],
    }


def dashboards() -> Iterator[Manifest]:
    """Yield one ConfigMap per dashboard, found by Grafana's sidecar through its label."""
    for name in DASHBOARDS:
        about = metadata(f"dashboard-{name}", "monitoring")
        about["labels"]["grafana_dashboard"] = "1"
        file = {f"la-chan-{name}.json": text(name)}
        yield {"apiVersion": "v1", "kind": "ConfigMap", "metadata": about, "data": file}


def text(name: str) -> str:
    """Return dashboard *name* as the text of its file."""
    return json.dumps(dashboard(name), indent=1, ensure_ascii=False) + "\n"


def _panel(number: int, panel: Panel) -> Manifest:
    source = {"type": "prometheus", "uid": "${datasource}"}
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.about,
        "datasource": source,
        "gridPos": {"x": number % 2 * _WIDE, "y": number // 2 * _HIGH, "w": _WIDE, "h": _HIGH},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": {"legend": _LEGEND, "tooltip": {"mode": "multi", "sort": "desc"}},
        "targets": [
            {"refId": chr(65 + at), "datasource": source, "expr": expression, "legendFormat": legend}
            for at, (legend, expression) in enumerate(panel.queries)
        ],
    }
