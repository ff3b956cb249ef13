"""A roll-out: every service as two processes, each of them stopped and started again in turn."""

import asyncio
import dataclasses
import time
from collections.abc import Mapping
from typing import Final

from deploy.local import services as local
from deploy.local.checkout import free_ports
from deploy.local.process import Child
from deploy.local.stack import Servers, Stack

STOP_SECONDS: Final = 15.0
"""Shorter than the shortest grace of a pod (45 s), and than what kills a child here."""
TRIES: Final = 12
"""How often a door asks, each process of a service in its turn."""
PAUSE_SECONDS: Final = 0.25
"""Rest once both could not answer."""
NAMES: Final = tuple(package.replace("_", "-") for package in local.PACKAGES)
PROCESSES: Final = tuple(process for name in NAMES for process in (name, f"{name}-2"))
"""In the order in which they are replaced."""


def doubled(servers: Servers, settings: Mapping[str, str] | None = None) -> tuple[Stack, dict[str, int]]:
    """Describe every service twice, on two ports; return the ports of the second ones by package."""
    stack = Stack(servers.place(settings))
    stack.add_all()
    others = free_ports()
    doubles = {package: getattr(others, package) for package in local.PACKAGES}
    for package, port in doubles.items():
        program = local.service(stack.place, package, port=port)
        name = f"{program.name}-2"
        stack.add(dataclasses.replace(program, name=name, log=program.log.with_name(f"{name}.log")))
    return stack, doubles


async def replaced(child: Child) -> float:
    """Stop a process as a cluster does, start the next one; return how long the stop took."""
    began = time.monotonic()
    child.ask_to_stop()
    await asyncio.to_thread(child.wait_stopped)
    took = time.monotonic() - began
    assert child.exit_code == 0, f"{child.program.name}: {child.exit_code}\n{child.last_lines()}"
    child.start()
    await asyncio.to_thread(child.wait_ready, 180.0)
    return took
