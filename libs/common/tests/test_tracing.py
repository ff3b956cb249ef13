"""A traceparent enters, travels, and leaves with what it caused, with and without a collector."""

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
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


SENDS = """
import sys
from common import tracing
from opentelemetry import trace
tracing.set_up_tracing("permit", sys.argv[1])
with tracing.span("request", sys.argv[2]):
    pass
trace.get_tracer_provider().shutdown()
"""


def test_spans_are_sent_to_the_collector_of_the_settings() -> None:
    """In a process of its own: a tracer provider is set once."""
    collector = Collector()
    with collector.listening() as endpoint:
        subprocess.run([sys.executable, "-c", SENDS, endpoint, PARENT], check=True, timeout=120)

    [sent] = [
        ExportTraceServiceRequest.FromString(body) for path, body in collector.got if path == "/v1/traces"
    ]
    [resource] = sent.resource_spans
    assert {each.key: each.value.string_value for each in resource.resource.attributes}[
        "service.name"
    ] == "permit"
    [span] = resource.scope_spans[0].spans
    assert (span.name, span.trace_id.hex(), span.parent_span_id.hex()) == (
        "request",
        PARENT[3:35],
        PARENT[36:52],
    )


class Collector:
    """An OTLP collector that keeps what it is sent."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []

    @contextmanager
    def listening(self) -> Iterator[str]:
        got = self.got

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got.append((self.path, gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
