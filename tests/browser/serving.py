"""A service behind a real socket, in a thread of its own: the browser's driver needs the loop of the test."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

STARTING_SECONDS = 30


@dataclass
class Serving:
    """Where it listens, and the loop in which it runs."""

    address: str
    loop: asyncio.AbstractEventLoop

    def do(self, deed: Coroutine[Any, Any, Any]) -> Any:
        """Do something where the service runs, and wait for it."""
        return asyncio.run_coroutine_threadsafe(deed, self.loop).result(30)


@contextmanager
def serving(app: Any, drain: Callable[[], object] | None = None, *, port: int = 0) -> Iterator[Serving]:
    """Serve *app* on a port that was free (or on *port*); *drain* ends its streams before it stops."""
    listening = socket.create_server(("127.0.0.1", port))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    loop = asyncio.new_event_loop()
    run = server.serve(sockets=[listening])
    thread = threading.Thread(target=lambda: loop.run_until_complete(run), daemon=True)
    thread.start()
    for _ in range(STARTING_SECONDS * 20):
        if server.started:
            break
        threading.Event().wait(0.05)
    assert server.started, "the service did not start"
    try:
        yield Serving(f"http://127.0.0.1:{listening.getsockname()[1]}", loop)
    finally:
        if drain is not None:
            loop.call_soon_threadsafe(drain)
        server.should_exit = True
        thread.join(20)
        loop.close()
