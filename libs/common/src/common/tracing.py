"""
Traces: a W3C traceparent enters with a request or an event and leaves with every fact it causes.

Without a collector nothing is recorded, but the traceparent still travels, so that logs of
different services can be joined. With `otlp_endpoint` set, spans are sent over OTLP.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Final

from opentelemetry import trace
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from common.context import Carried

_TRACEPARENT: Final = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_current: ContextVar[str] = ContextVar("traceparent", default="")
_propagator: Final = TraceContextTextMapPropagator()


class _Sink:
    tracer: trace.Tracer | None = None


def set_up_tracing(service: str, endpoint: str) -> None:
    """Send spans of *service* to the collector at *endpoint* (OTLP over HTTP); nothing if it is empty."""
    if not endpoint:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    _Sink.tracer = provider.get_tracer("la-chan")


def valid(traceparent: str) -> bool:
    """Tell whether *traceparent* is one of version 00."""
    return bool(_TRACEPARENT.fullmatch(traceparent))


def current() -> str:
    """Return the traceparent to hand on: into an event, or to whom we ask; empty outside of a trace."""
    return _current.get()


def trace_id() -> str:
    """Return the trace id of the present trace, or an empty text."""
    return _current.get()[3:35]


def span(
    name: str, traceparent: str = "", *, kind: SpanKind = SpanKind.INTERNAL
) -> AbstractContextManager[str]:
    """Work inside a span that continues *traceparent* (or the present trace); tells its traceparent."""
    parent = traceparent if traceparent and valid(traceparent) else _current.get()
    if _Sink.tracer is None:
        return Carried(_current, _child_of(parent))
    return _recorded(_Sink.tracer, name, parent, kind)


@contextmanager
def _recorded(tracer: trace.Tracer, name: str, parent: str, kind: SpanKind) -> Iterator[str]:
    context = _propagator.extract({"traceparent": parent}) if parent else None
    with tracer.start_as_current_span(name, context=context, kind=kind):
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        with Carried(_current, carrier.get("traceparent", parent)) as carried:
            yield carried


def _child_of(parent: str) -> str:
    if parent:
        return f"{parent[:36]}{secrets.token_hex(8)}{parent[-3:]}"
    made = secrets.token_hex(24)
    return f"00-{made[:32]}-{made[32:]}-00"
