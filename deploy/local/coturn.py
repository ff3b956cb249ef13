"""The relay of the calls (coturn), if this machine has it: with it calls work between any networks."""

import os
import shutil
from pathlib import Path

from deploy.local import keys
from deploy.local.checkout import HOST, is_open
from deploy.local.process import Program

RELAYED = 40
"""Ports for relayed calls on a laptop; each call takes two or three."""


def find_turnserver() -> str | None:
    """Return coturn's server: $LACHAN_TURNSERVER, or the one on PATH; None if there is none."""
    return os.environ.get("LACHAN_TURNSERVER") or shutil.which("turnserver")


def secret(folder: Path) -> str:
    """Return the secret that this stack's relay shares with F0 monitoring."""
    return keys.key(folder / "keys", "turn")


def relay(folder: Path, port: int, turnserver: str) -> Program:
    """
    Describe the relay on *port* of this machine.

    Loopback peers are allowed because both browsers are on this machine; no other relay may do that.
    """
    (folder / "coturn").mkdir(parents=True, exist_ok=True)
    first = port + 1 if port + RELAYED < 65_000 else port - RELAYED - 1
    return Program(
        name="coturn",
        command=(
            *(turnserver, "-n", "--no-cli", "--no-tls", "--no-dtls", "--fingerprint"),
            *("--listening-ip", HOST, "--relay-ip", HOST, "--listening-port", str(port)),
            *("--min-port", str(first), "--max-port", str(first + RELAYED - 1)),
            *("--use-auth-secret", f"--static-auth-secret={secret(folder)}", "--realm", "la-chan"),
            *("--allow-loopback-peers", "--no-multicast-peers", "--log-file", "stdout", "--simple-log"),
            *("--pidfile", str(folder / "coturn" / "pid"), "--userdb", str(folder / "coturn" / "users")),
        ),
        log=folder / "logs" / "coturn.log",
        is_ready=lambda: is_open(port),
    )


def settings(folder: Path, port: int) -> dict[str, str]:
    """Return what F0 monitoring must know of the relay on *port*."""
    at = f"{HOST}:{port}"
    return {
        "F0_MONITORING_STUN_URLS": f"stun:{at}",
        "F0_MONITORING_TURN_URLS": f"turn:{at}?transport=udp turn:{at}?transport=tcp",
        "F0_MONITORING_TURN_SECRET": secret(folder),
    }
