"""
What wakes somebody, and what can wait until morning.

Every alert has a runbook of its name in docs/operations/runbooks; `page` rings, `ticket` waits for the day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from common.contracts.f0_monitoring import RiskEscalated
from deploy.k8s.manifest import Manifest, metadata

RUNBOOKS: Final = "https://la-chan.internal/runbooks"
"""Where the province's own network serves docs/operations/runbooks; an overlay may patch it."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One rule: *expression* must hold for *lasts*; *summary* is what the phone shows."""

    name: str
    expression: str
    lasts: str
    severity: str
    summary: str


# `unless` and floors of traffic keep a quiet night of a province from ringing.
ALERTS: Final = (
    Alert(
        "ServiceDown",
        'up{namespace="la-chan"} == 0',
        "2m",
        "page",
        "{{ $labels.pod }} does not answer Prometheus",
    ),
    Alert(
        "ErrorBudgetBurnsFast",
        "lachan:http_errors:ratio5m > 0.072 and lachan:http_errors:ratio1h > 0.072"
        " and lachan:http_requests:rate5m > 0.1",
        "2m",
        "page",
        "{{ $labels.service }}: more than 7 % of requests fail; the month's allowance is gone in two days",
    ),
    Alert(
        "ErrorBudgetBurnsSlowly",
        "lachan:http_errors:ratio5m > 0.03 and lachan:http_errors:ratio6h > 0.03"
        " and lachan:http_requests:rate5m > 0.1",
        "15m",
        "ticket",
        "{{ $labels.service }}: more than 3 % of requests have failed for hours",
    ),
    Alert(
        "ApiSlow",
        "histogram_quantile(0.99, sum by (service, le) (rate(lachan_http_request_seconds_bucket[5m]))) > 1"
        " and on (service) lachan:http_requests:rate5m > 0.1",
        "10m",
        "ticket",
        "{{ $labels.service }}: one request in a hundred takes more than a second",
    ),
    Alert(
        "ConsumerStalled",
        "sum by (group) (lachan_consumer_lag_records) > 0"
        " unless sum by (group) (increase(lachan_consumed_records_total[10m])) > 0",
        "10m",
        "page",
        "{{ $labels.group }} has records to read and has read none for ten minutes",
    ),
    Alert(
        "ConsumerLagHigh",
        "sum by (group) (lachan_consumer_lag_records) > 20000",
        "10m",
        "page",
        "{{ $labels.group }} is {{ $value }} records behind",
    ),
    Alert(
        "DeadLetters",
        "sum by (group, reason) (increase(lachan_dead_letters_total[15m])) > 0",
        "0m",
        "ticket",
        "{{ $labels.group }} set records aside: {{ $labels.reason }}",
    ),
    Alert(
        "FactsNotSent",
        "max by (service) (lachan_outbox_oldest_unsent_seconds) > 60",
        "2m",
        "page",
        "{{ $labels.service }}: a fact has waited {{ $value }} s for Kafka; nobody hears of it",
    ),
    Alert(
        "DeadlinesLate",
        "max by (service) (lachan_timers_overdue) > 0",
        "2m",
        "page",
        "{{ $labels.service }}: missed declarations are not noticed",
    ),
    Alert(
        "DangerSignsLate",
        'histogram_quantile(0.99, sum by (le) (rate(lachan_flow_seconds_bucket{group="alerting.watch",'
        f'type="{RiskEscalated.type}"}}[10m]))) > 10',
        "5m",
        "page",
        "danger signs reach doctors {{ $value | humanizeDuration }} late",
    ),
    Alert(
        "ReplicasAtMost",
        'kube_horizontalpodautoscaler_status_current_replicas{namespace="la-chan"}'
        ' == kube_horizontalpodautoscaler_spec_max_replicas{namespace="la-chan"}',
        "30m",
        "ticket",
        "{{ $labels.horizontalpodautoscaler }} cannot grow any more",
    ),
    Alert(
        "JobFailed",
        'kube_job_status_failed{namespace="la-chan"} > 0',
        "0m",
        "ticket",
        "{{ $labels.job_name }} failed",
    ),
    Alert(
        "BackupTooOld",
        'time() - max(kube_cronjob_status_last_successful_time{namespace="la-chan",cronjob="backup"}) > 93600'
        ' or absent(kube_cronjob_status_last_successful_time{namespace="la-chan",cronjob="backup"})',
        "30m",
        "ticket",
        "no backup has succeeded for 26 hours, or none ever did",
    ),
    Alert(
        "VolumeFilling",
        'predict_linear(kubelet_volume_stats_available_bytes{namespace="la-chan"}[6h], 4 * 86400) < 0',
        "1h",
        "ticket",
        "{{ $labels.persistentvolumeclaim }} is full within four days",
    ),
    Alert(
        "CertificateExpires",
        'certmanager_certificate_expiration_timestamp_seconds{namespace="la-chan"} - time() < 10 * 86400',
        "1h",
        "ticket",
        "{{ $labels.name }} ends within ten days and was not renewed",
    ),
    Alert(
        "KafkaPartitionsOffline",
        'sum(kafka_controller_kafkacontroller_offlinepartitionscount{namespace="la-chan"}) > 0',
        "1m",
        "page",
        "{{ $value }} partitions of Kafka have no leader",
    ),
    Alert(
        "ScalerBlind",
        "increase(keda_scaler_detail_errors_total[10m]) > 0",
        "10m",
        "ticket",
        "KEDA cannot read the lag: workers do not grow",
    ),
    Alert(
        "FiguresDiffer",
        "max(lachan_figures_differing) > 0",
        "5m",
        "page",
        "{{ $value }} communes and days have figures that the log does not confirm",
    ),
    Alert(
        "FiguresUnchecked",
        "time() - max(lachan_figures_checked_timestamp_seconds) > 93600"
        " or absent(lachan_figures_checked_timestamp_seconds)",
        "30m",
        "ticket",
        "the figures were not compared with the log for 26 hours, or never",
    ),
)

_REQUESTS: Final = "sum by (service) (rate(lachan_http_requests_total[{window}]))"
_ERRORS: Final = 'sum by (service) (rate(lachan_http_requests_total{{status=~"5.."}}[{window}]))'
RECORDED: Final = {
    "lachan:http_requests:rate5m": _REQUESTS.format(window="5m"),
    **{
        f"lachan:http_errors:ratio{window}": f"({_ERRORS} or {_REQUESTS} * 0) / {_REQUESTS}".format(
            window=window
        )
        for window in ("5m", "1h", "6h")
    },
}


def groups() -> list[Manifest]:
    """Return the rule groups as Prometheus reads them."""
    recorded = [{"record": name, "expr": expression} for name, expression in RECORDED.items()]
    return [
        {"name": "la-chan.recorded", "interval": "30s", "rules": recorded},
        {"name": "la-chan.alerts", "rules": [_rule(alert) for alert in ALERTS]},
    ]


def rules() -> Iterator[Manifest]:
    """Yield the PrometheusRule."""
    yield {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": metadata("la-chan", "monitoring"),
        "spec": {"groups": groups()},
    }


def _rule(alert: Alert) -> Manifest:
    return {
        "alert": alert.name,
        "expr": alert.expression,
        "for": alert.lasts,
        "labels": {"severity": alert.severity},
        "annotations": {
            "summary": alert.summary,
            "runbook_url": f"{RUNBOOKS}/{alert.name}.md",
        },
    }


def monitors() -> Iterator[Manifest]:
    """Yield what tells Prometheus where the pods are; `service` is the service's name in both halves."""
    name = "__meta_kubernetes_service_label_app_kubernetes_io_name"
    yield {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": metadata("la-chan", "monitoring"),
        "spec": {
            "selector": {
                "matchLabels": {"app.kubernetes.io/part-of": "la-chan"},
                "matchExpressions": [
                    {"key": "app.kubernetes.io/component", "operator": "In", "values": ["api", "worker"]}
                ],
            },
            "jobLabel": "app.kubernetes.io/name",
            "endpoints": [
                {
                    "port": "http",
                    "path": "/metrics",
                    "interval": "15s",
                    "relabelings": [{"sourceLabels": [name], "targetLabel": "service"}],
                }
            ],
        },
    }
