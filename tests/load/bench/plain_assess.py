"""The plain side of the assessment benchmark: a FastStream handler that takes one message at a time."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import Any

from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker, KafkaMessage
from motor.motor_asyncio import AsyncIOMotorClient

from common.contracts.codec import source_of
from common.contracts.event import Event
from common.contracts.f0_monitoring import REPORTS, HealthReported
from common.geo import data_folder
from common.mongo.outboxes import entry_to_document
from common.work.batch import to_outbox
from common.work.model import Cause, Heart
from f0_monitoring.domain.decide import decide
from f0_monitoring.rulebook import load_risk_rules
from f0_monitoring.store.documents import patient_from_document, patient_to_document
from f0_monitoring.translate import to_assess, to_event


def make_app(mongo_uri: str, bootstrap: str, group: str) -> FastStream:
    """Return the application: read, decide, update, acknowledge."""
    client: Any = AsyncIOMotorClient(mongo_uri, tz_aware=True, w="majority", journal=True)
    patients = client["bench_plain"]["patients"]
    rules = load_risk_rules(data_folder() / "rules")
    heart = Heart("patient", decide, to_event, lambda: rules)
    broker = KafkaBroker(bootstrap, logger=None)

    @broker.subscriber(REPORTS, group_id=group, auto_offset_reset="earliest", ack_policy=AckPolicy.ACK)
    async def assess(report: HealthReported, message: KafkaMessage) -> None:
        cause = Cause(str(message.headers["ce_id"]))
        found = await patients.find_one({"_id": report.person_id})
        now = datetime.now(UTC)
        decision = decide(patient_from_document(found["state"]), to_assess(_event(report, cause)), rules, now)
        if decision.state is None:
            return
        entries = to_outbox(heart, decision.facts, cause, None, now)
        timers = [{"n": timer.name, "d": timer.due_at} for timer in decision.timers or ()]
        change: dict[str, Any] = {
            "$set": {
                "version": found["version"] + 1,
                "state": patient_to_document(decision.state),
                "timers": timers,
                "recent": (found["recent"] + cause.id.encode()[:8])[-128:],
            },
            "$push": {
                "outbox": {"$each": [entry_to_document(entry) for entry in entries]},
            },
        }
        await patients.update_one({"_id": report.person_id, "version": found["version"]}, change)

    return FastStream(broker, logger=None)


def _event(report: HealthReported, cause: Cause) -> Event[HealthReported]:
    return Event(
        id=cause.id,
        type=report.type,
        source=source_of(report.type),
        subject=report.person_id,
        time=report.received_at,
        sequence=1,
        data=report,
    )


if __name__ == "__main__":
    asyncio.run(make_app(*sys.argv[1:]).run())
