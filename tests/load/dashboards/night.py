"""
A day and a night of a small province on a fast clock, with the troubles of an operator in it.

Kafka dies for some minutes, a service dies, a broken record arrives; some people keep live pages open.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as hour

import httpx

from common.clocks import RehearsalClock
from common.contracts.f0_monitoring import PATIENTS
from common.geo import Units
from common.kernel.clock import VIETNAM, local_day
from common.messaging.publisher import KafkaPublisher
from common.messaging.records import Outgoing
from common.oidc_local.minting import Minter
from deploy.local import services as local
from deploy.local.stack import Servers, Stack
from tests.load.province.callers import Addresses, Caller
from tests.load.province.lines import Lines
from tests.load.province.world import World

SPEED = 120
"""A day passes in twelve minutes."""
BEGINS = hour(20)
"""The evening before: patients who are at home already are entered until midnight."""
SCALE, SEED = 0.15, 2022
KAFKA_AWAY = timedelta(seconds=180)
"""Long enough, with its start, for FactsNotSent to ring: a fact older than a minute, for two minutes."""
SERVICE_AWAY = timedelta(seconds=20)
PATIENCE_SECONDS = 400.0
"""On an overrun machine a broker needs minutes to come back."""
PAGES = (
    ("alerting", "/v1/stream", "doctor", "164"),
    ("alerting", "/v1/stream", "health_officer", "05431"),
    ("f0_monitoring", "/v1/worklist/stream", "doctor", "164"),
    ("ioc_aggregation", "/v1/stream", "leader", "19"),
    ("permit", "/v1/checkpoints/board/stream", "ioc_operator", "19"),
)


def fast_clock() -> str:
    """Describe a clock that begins an evening of some days ago and runs fast from now on."""
    now = datetime.now(UTC)
    evening = datetime.combine(local_day(now) - timedelta(days=3), BEGINS, VIETNAM)
    return f"{evening.isoformat()}@{now.isoformat()}*{SPEED}"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong *after* so much of the time."""

    after: float
    what: str


TROUBLES = (
    Trouble(0.2, "a broken record arrives"),
    Trouble(0.3, "Kafka dies"),
    Trouble(0.85, "permit dies"),
)


class Night:
    """Plays it on a running stack; *say* is told what happens when."""

    def __init__(
        self, servers: Servers, stack: Stack, clock: RehearsalClock, say: Callable[[str], None]
    ) -> None:
        self.servers, self.stack, self.clock, self.say = servers, stack, clock, say
        self.away: dict[str, timedelta] = {}
        """For how long each did not answer."""
        self._happens = {
            "a broken record arrives": self._a_broken_record,
            "Kafka dies": self._kafka_dies,
            "permit dies": self._a_service_dies,
        }

    async def play(self, real: timedelta) -> None:
        """Let the province live and things go wrong for so long."""
        place = self.stack.place
        at = Addresses(*(place.address(package) for package in local.PACKAGES))
        minter = Minter.from_file(place.key_file, issuer=place.issuer, audience=local.AUDIENCE)
        call = Caller(at, minter, lines=Lines(60))
        posts = await call.get(f"{at.permit}/v1/checkpoints", role="checkpoint_officer", area="19")
        world = World(call, self.clock, Units.load(), posts["items"], seed=SEED, scale=SCALE)
        start = self.clock.now()
        world.begin(start, 2)
        async with self._live_pages():
            troubles = [asyncio.create_task(self._meets(trouble, real)) for trouble in TROUBLES]
            await world.agenda.run_until(start + real * SPEED)
            await asyncio.gather(*troubles)
        faults = dict(Counter(world.agenda.faults))
        self.say(f"{world.agenda.done} deeds, {call.retried} asked again, given up: {faults}")
        await call.close()

    async def _meets(self, trouble: Trouble, real: timedelta) -> None:
        await asyncio.sleep(real.total_seconds() * trouble.after)
        self.say(trouble.what)
        await self._happens[trouble.what]()

    async def _a_broken_record(self) -> None:
        publisher = KafkaPublisher(self.servers.kafka.bootstrap, client_id="somebody")
        await publisher.start()
        await publisher.publish([Outgoing(PATIENTS, b"nobody", b"{", [])])
        await publisher.stop()

    async def _kafka_dies(self) -> None:
        self.servers.kafka.kill()
        died = time.monotonic()
        await asyncio.sleep(KAFKA_AWAY.total_seconds())
        await asyncio.to_thread(self.servers.kafka.start_and_wait, PATIENCE_SECONDS)
        self._is_back("Kafka", died)

    async def _a_service_dies(self) -> None:
        self.stack.children["permit"].kill()
        died = time.monotonic()
        await asyncio.sleep(SERVICE_AWAY.total_seconds())
        await asyncio.to_thread(self.stack.restart, "permit", PATIENCE_SECONDS)
        self._is_back("permit", died)

    def _is_back(self, what: str, died: float) -> None:
        self.away[what] = timedelta(seconds=round(time.monotonic() - died))
        self.say(f"{what} is back after {self.away[what]}")

    @asynccontextmanager
    async def _live_pages(self) -> AsyncIterator[None]:
        """Keep streams open as pages do: whoever loses the line comes back."""
        pages = [asyncio.create_task(self._keeps_open(*page)) for page in PAGES]
        yield
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)

    async def _keeps_open(self, package: str, path: str, role: str, area: str) -> None:
        url = f"{self.stack.address(package)}{path}"
        async with httpx.AsyncClient(timeout=None) as client:
            while True:
                headers = {"Authorization": f"Bearer {self.stack.token(role, areas=(area,))}"}
                with contextlib.suppress(httpx.HTTPError):
                    async with client.stream("GET", url, headers=headers) as answer:
                        async for _ in answer.aiter_raw():
                            pass
                await asyncio.sleep(1)
