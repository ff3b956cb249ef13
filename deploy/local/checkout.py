"""Where things are on this machine: the checkout, its state folder, caches, ports."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".lachan"
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports of one running stack. Those of the pages are documented, the others only must be free."""

    start: int = 8100
    quarantine: int = 8101
    f0_monitoring: int = 8102
    permit: int = 8103
    alerting: int = 8104
    ioc_aggregation: int = 8105
    smtp: int = 8125
    mongo: int = 28017
    kafka: int = 29092
    kafka_controller: int = 29093
    turn: int = 8478
    sms: int = 8126
    kafka_partners: int = 29094

    def busy(self) -> dict[str, int]:
        """Return the ports that some other program already listens on."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return {name: port for name, port in named.items() if not is_free(port)}


def free_ports() -> Ports:
    """Pick free ports for everything: tests run beside a laptop's own stack and beside each other."""
    held = [socket.socket() for _ in Ports.__slots__]
    try:
        for one in held:
            one.bind((HOST, 0))
        return Ports(*(one.getsockname()[1] for one in held))
    finally:
        for one in held:
            one.close()


def is_free(port: int) -> bool:
    """Tell whether a server could listen on *port* of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def is_open(port: int) -> bool:
    """Tell whether something answers on *port* of this machine."""
    try:
        with socket.create_connection((HOST, port), timeout=0.5):
            return True
    except OSError:
        return False


def cache() -> Path:
    """Folder for what is fetched once per machine, shared by all checkouts."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "la-chan"
