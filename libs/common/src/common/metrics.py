"""
What the operators watch (Prometheus). Every name begins with `lachan_`; labels never hold a person.

The objects are made once per process; a service only adds to them. `Registry` is handed to
`/metrics` by `common.http.app`.
"""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

_QUICK: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_WAITS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300)
_SIZES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def _counter(name: str, about: str, *labels: str) -> Counter:
    return Counter(f"lachan_{name}", about, labels, registry=REGISTRY)


def _gauge(name: str, about: str, *labels: str) -> Gauge:
    return Gauge(f"lachan_{name}", about, labels, registry=REGISTRY)


def _histogram(name: str, about: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
    return Histogram(f"lachan_{name}", about, labels, buckets=buckets, registry=REGISTRY)


http_requests = _counter("http_requests_total", "Requests answered", "method", "route", "status")
http_seconds = _histogram("http_request_seconds", "Time to answer a request", _QUICK, "method", "route")
http_in_progress = _gauge("http_requests_in_progress", "Requests being answered now")
sse_clients = _gauge("sse_clients", "Live streams open now", "stream")
sse_dropped = _counter(
    "sse_clients_dropped_total", "Live streams ended because the reader was slow", "stream"
)

batch_size = _histogram("work_batch_commands", "Commands decided and saved in one batch", _SIZES, "aggregate")
handler_seconds = _histogram("work_batch_seconds", "Time to decide and save one batch", _QUICK, "aggregate")
dedup_hits = _counter("work_duplicates_total", "Causes that had been applied before", "aggregate")
version_losers = _counter("work_version_losers_total", "Commands decided again after a race", "aggregate")
refusals = _counter("work_refusals_total", "Commands refused by the domain", "aggregate", "slug")

consumed = _counter("consumed_records_total", "Records read from a topic", "group", "topic")
retries = _counter("consumer_retries_total", "Batches run again after a passing fault", "group")
dead_letters = _counter("dead_letters_total", "Records set aside with a reason", "group", "reason")
flow_seconds = _histogram(
    "flow_seconds",
    "From deciding a fact to having acted upon it: the oldest fact of each type in a batch",
    _WAITS,
    "group",
    "type",
)
consumer_lag = _gauge("consumer_lag_records", "Records not yet consumed", "group", "topic", "partition")

outbox_depth = _gauge("outbox_unsent_facts", "Facts saved and not yet published", "aggregate")
outbox_age = _gauge("outbox_oldest_unsent_seconds", "Age of the oldest unpublished fact", "aggregate")
relay_seconds = _histogram("relay_lag_seconds", "From saving a fact to its publication", _WAITS, "aggregate")
relayed = _counter("relayed_facts_total", "Facts published", "aggregate")
timers_fired = _counter("timers_fired_total", "Deadlines acted upon", "aggregate")
timer_late_seconds = _histogram(
    "timer_late_seconds", "How late a deadline was acted upon", _WAITS, "aggregate"
)
timers_late = _gauge("timers_overdue", "Deadlines that are due and not yet acted upon", "aggregate")

figures_differing = _gauge("figures_differing", "Communes and days whose figures the log did not confirm")
figures_checked = _gauge(
    "figures_checked_timestamp_seconds", "When the figures were last compared with the log; 0 if never"
)

purged = _counter(
    "purged_total", "Rows deleted or files made nameless when their time was over", "data_class"
)
purged_at = _gauge("purged_timestamp_seconds", "When retention last went round; 0 if never in this process")


def exposition() -> bytes:
    """Return all metrics of this process in Prometheus text format."""
    return generate_latest(REGISTRY)
