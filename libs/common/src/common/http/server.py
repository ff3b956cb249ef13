"""Running the application under uvicorn: SIGTERM drains, live streams close, requests finish."""

import signal
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI


class DrainingServer(uvicorn.Server):
    """Tells the service that it is going away before it waits for open connections."""

    def __init__(self, config: uvicorn.Config, on_drain: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_drain = on_drain

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Drain, then shut down: without it, open live streams would hold up the exit."""
        self._on_drain()
        await super().shutdown(sockets)  # type: ignore[arg-type]


def serve(app: FastAPI, *, host: str, port: int, drain_seconds: float, on_drain: Callable[[], None]) -> int:
    """Serve *app* until SIGTERM or Ctrl-C; 0 after a clean stop, 1 if it could not start."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        proxy_headers=False,  # nobody here asks for the address or the scheme of the client
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=max(1, round(drain_seconds)),
        limit_concurrency=2_000,
        backlog=2_048,
        ws_max_size=65_536,
    )
    server = DrainingServer(config, on_drain)
    # uvicorn raises the signal again when it has finished; a clean stop is not a crash.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    server.run()
    return 0 if server.started else 1
