"""A stack for measuring: its own mongod, Kafka and services on free ports, gone afterwards."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from deploy.local import services
from deploy.local.checkout import free_ports
from deploy.local.stack import Servers, Stack


@contextmanager
def servers() -> Iterator[Servers]:
    """Start mongod and Kafka with the topics of the catalogue."""
    with tempfile.TemporaryDirectory() as folder:
        made = Servers.local(Path(folder), free_ports(), kafka="maven")
        try:
            made.start()
            yield made
        finally:
            made.stop()


@contextmanager
def stack(running: Servers, *packages: str, mode: str = "all") -> Iterator[Stack]:
    """Start the start page (issuer) and some services on running servers."""
    made = Stack(running.place({"LACHAN_LOG_LEVEL": "WARNING"}))
    made.add(services.start_page(made.place))
    made.add(services.mail_sink(made.place))
    for package in packages:
        made.add(services.service(made.place, package, mode))
    try:
        made.start()
        made.wait_ready()
        yield made
    finally:
        made.stop()


def cpu_seconds(*pids: int | None) -> float:
    """Return the CPU seconds that these processes and their threads have used."""
    times = [psutil.Process(pid).cpu_times() for pid in pids if pid]
    return float(sum(t.user + t.system for t in times))
