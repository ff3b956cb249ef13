"""
Logs: one JSON object per line, with the correlation id, and without personal data.

Redaction has two nets: fields whose name says that they are personal are dropped, and any text that
looks like a CCCD, CMND or phone number is masked wherever it stands, tracebacks included.
"""

import logging
import re
import sys
import threading
from collections.abc import Mapping
from contextvars import ContextVar
from functools import partial
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor

from common.context import Carried

_correlation: ContextVar[str] = ContextVar("correlation_id", default="")

_PERSONAL: Final = (
    "full_name name cccd cmnd passport paper phone email address birth_date birth_year sex person "
    "guardian sealed plate password token authorization secret cookie body qr"
)
PERSONAL_FIELDS: Final = frozenset(_PERSONAL.split())
_MASK: Final = "***"
# Not inside longer digit runs, UUIDs or decimals: those are ids and measures, not people.
_NUMBER: Final = re.compile(r"(?<![\w.\-])(?:(?!0\.\d)(?:\+?84|0)(?:[ .\-]?\d){8,10}|\d{12}|\d{9})(?![\w\-])")
_BEARER: Final = re.compile(r"(?i)(bearer\s+|eyJ)[\w\-.~+/=]{8,}")
_MAX_DEPTH: Final = 6


def correlation_id() -> str:
    """Return the id that ties together all that one request or event caused; empty outside of one."""
    return _correlation.get()


def correlated(correlation: str) -> Carried:
    """Log everything inside with *correlation*."""
    return Carried(_correlation, correlation)


def redacted_text(text: str) -> str:
    """Mask whatever in *text* looks like a paper number, a phone number or a token."""
    return _NUMBER.sub(_MASK, _BEARER.sub(_MASK, text))


def redacted(value: Any, depth: int = 0) -> Any:
    """Return *value* without personal fields, however deep they are, and with its texts masked."""
    if isinstance(value, str):
        return redacted_text(value)
    if depth >= _MAX_DEPTH:
        return _MASK
    if isinstance(value, Mapping):
        return {
            str(key): _MASK if str(key).lower() in PERSONAL_FIELDS else redacted(inner, depth + 1)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted(inner, depth + 1) for inner in value]
    if isinstance(value, bytes | bytearray):
        return f"<{len(value)} bytes>"
    return value if isinstance(value, int | float | bool | None) else redacted_text(str(value))


def redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Keep personal data out of the log (structlog processor)."""
    return {key: _MASK if key.lower() in PERSONAL_FIELDS else redacted(value) for key, value in event.items()}


def _add_correlation(_logger: Any, _method: str, event: EventDict) -> EventDict:
    correlation = _correlation.get()
    if correlation:
        event.setdefault("correlation_id", correlation)
    return event


def _name_logger(out: Any, _method: str, event: EventDict) -> EventDict:
    event["logger"] = out.name
    return event


def _processors(service: str, name: Processor) -> list[Processor]:
    """
    Return what makes a line of an event.

    Redaction comes before what we add ourselves: it is the dearest step, and a time of day hides nobody.
    """

    def name_service(_logger: Any, _method: str, event: EventDict) -> EventDict:
        event.setdefault("service", service)
        return event

    return [
        structlog.contextvars.merge_contextvars,
        name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        _add_correlation,
        structlog.processors.format_exc_info,
        redact,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_service,
    ]


class _Out:
    """Where the finished lines of one logger go, past the machinery that libraries log through."""

    def __init__(self, stream: TextIO, name: str = "") -> None:
        self.name = name
        self._stream = stream

    def write(self, line: str) -> None:
        """Write one line at once: whoever reads along must not wait for a full buffer."""
        with _writing:
            self._stream.write(line + "\n")
            self._stream.flush()

    debug = info = warning = warn = error = critical = exception = fatal = log = msg = write


_writing: Final = threading.Lock()


def set_up_logs(service: str, *, level: str = "INFO") -> None:
    """Send all logs of this process, our own and those of libraries, to stdout as JSON lines."""
    line = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    structlog.configure(
        processors=[*_processors(service, _name_logger), line],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=partial(_Out, sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_processors(service, structlog.stdlib.add_logger_name),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, line],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("uvicorn.access", "httpx", "httpcore", "aiokafka", "pymongo", "asyncio"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def logger(name: str) -> Any:
    """Return the logger *name*; event names are short English sentences, details are keywords."""
    return structlog.get_logger(name)


if not structlog.is_configured():
    # Before (or without) set_up_logs - in tests, scripts - only warnings, and never anything personal.
    structlog.configure(
        processors=[
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer(default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )
