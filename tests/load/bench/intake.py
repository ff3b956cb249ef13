"""What it is worth to bring declarations in bulk: rows per second of one request of 500 against 500 single requests."""

import asyncio
import time
from datetime import UTC, datetime

from common.clocks import FrozenClock
from common.service import Mode, Runtime
from common.testing.sign_in import bearer, client_of, sample_jwks, sample_settings
from quarantine.app import compose
from quarantine.settings import QuarantineSettings
from services.quarantine.tests.memory import memory_stores
from services.quarantine.tests.test_routes import ORDER, PERSON

ROWS = 500
APP = bearer("partner", ["19"], subject="app-so-suc-khoe")


async def measure() -> None:
    """Print both and their ratio; in memory, so that only our own work is measured."""
    settings = sample_settings(QuarantineSettings)
    clock = FrozenClock(datetime(2021, 8, 2, 1, tzinfo=UTC))
    runtime = Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True)
    service = compose(runtime, memory_stores(), settings)
    async with client_of(service.app(Mode.API)) as client:
        officer = bearer("health_officer", ["05443"])
        assert (await client.post("/v1/cases", json=ORDER, headers=officer)).status_code == 201

        def rows(prefix: str) -> list[dict[str, object]]:
            at = clock.now().isoformat()
            return [
                {"external_id": f"{prefix}-{n}", "cccd": PERSON["cccd"], "reported_at": at, "symptoms": []}
                for n in range(ROWS)
            ]

        async def send(some: list[dict[str, object]]) -> int:
            body = {"declarations": some}
            reply = await client.post("/v1/intake/declarations", json=body, headers=APP)
            return int(reply.json()["accepted"])

        started = time.perf_counter()
        assert await send(rows("bulk")) == ROWS
        bulk = time.perf_counter() - started
        started = time.perf_counter()
        assert sum([await send([row]) for row in rows("single")]) == ROWS
        single = time.perf_counter() - started
    print(
        f"bulk {ROWS / bulk:,.0f} rows/s, single {ROWS / single:,.0f} rows/s, {single / bulk:.1f} times faster"
    )


if __name__ == "__main__":
    asyncio.run(measure())
