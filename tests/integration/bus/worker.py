"""
A worker process for the bus tests: writes every errand it applies to a file, one line each.

    python -m tests.integration.bus.worker BOOTSTRAP GROUP RUN FILE SECONDS_PER_BATCH
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from common.contracts.f0_monitoring import PATIENTS, DoctorAssigned
from common.messaging.subscription import Subscription
from common.testing.bus_story import to_note
from common.testing.kafka_bus import KafkaConsumers
from common.work.model import Errand, Outcome, Result


class Diary:
    """A door that is slow, and durable before it answers."""

    def __init__(self, file: Path, run: str, seconds: float) -> None:
        self._file, self._run, self._seconds = file, run, seconds

    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        """Half of the wait lies before the write and half behind, so that a kill may hit either."""
        await asyncio.sleep(self._seconds / 2)
        ours = [errand for errand in errands if errand.command.aggregate_id.startswith(self._run)]
        with self._file.open("a") as diary:
            for errand in ours:
                diary.write(f"{errand.command.aggregate_id} {errand.command.sequence} {errand.cause.id}\n")
            diary.flush()
            os.fsync(diary.fileno())
        await asyncio.sleep(self._seconds / 2)
        return [Result(Outcome.APPLIED) for _ in errands]


async def work(bootstrap: str, group: str, run: str, file: str, seconds: str) -> None:
    """Consume until told to stop."""
    door = Diary(Path(file), run, float(seconds))
    subscription = Subscription(group, {PATIENTS: {DoctorAssigned: to_note}}, door, batch_max=20)
    consumers = KafkaConsumers(bootstrap, [subscription], None)
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    await consumers.start()
    await stopping.wait()
    await consumers.stop()


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:6]))
