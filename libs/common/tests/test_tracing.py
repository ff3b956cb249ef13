"""A traceparent enters, travels, and leaves with what it caused, with and without a collector."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from common import tracing

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    found = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(found))
    monkeypatch.setattr(tracing._Sink, "tracer", provider.get_tracer("test"))
    yield found
    provider.shutdown()


def test_without_a_collector_the_trace_still_continues() -> None:
    with tracing.span("request", PARENT) as carried:
        assert tracing.valid(carried)
        assert carried[:36] == PARENT[:36]
        assert carried != PARENT
        assert tracing.current() == carried
        with tracing.span("inside") as inner:
            assert inner[:36] == PARENT[:36]
    assert tracing.current() == ""


@pytest.mark.parametrize(
    "text", ["", "nonsense", "00-" + "0" * 32 + "-b7ad6b7169203331-01", PARENT + "-x", PARENT.upper()]
)
def test_a_broken_traceparent_starts_a_new_trace(text: str) -> None:
    with tracing.span("request", text) as carried:
        assert tracing.valid(carried)
        assert carried[3:35] != PARENT[3:35]


def test_with_a_collector_spans_are_children_of_what_came_in(exporter: InMemorySpanExporter) -> None:
    with tracing.span("request", PARENT), tracing.span("save") as carried:
        assert carried[3:35] == PARENT[3:35]
    save, request = exporter.get_finished_spans()
    assert request.parent is not None
    assert save.parent is not None
    assert f"{request.parent.span_id:016x}" == PARENT[36:52]
    assert save.parent.span_id == request.context.span_id
