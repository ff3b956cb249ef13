"""Text messages to people in quarantine, put together: who hears of reminders, and who sends them."""

from dataclasses import dataclass
from typing import Any, Protocol

from common.courier import Courier, Waiting
from common.kernel.messages import Message, decide_message
from common.service import Background, Runtime
from common.sms import SmsGateway, gateway_at
from common.work.engine import Work
from common.work.model import AggregateStore, Heart
from quarantine.ports import Cases
from quarantine.ports.supervision import Supervisions
from quarantine.settings import QuarantineSettings
from quarantine.store.messages import MongoMessages
from quarantine.translate import to_event
from quarantine.views.reminders import ReminderWriter

PAGE = "/diem-danh"


class MessageStore(Waiting, AggregateStore[Message], Protocol):
    """Where messages are kept and looked up."""


@dataclass(frozen=True, slots=True)
class Messaging:
    """What the service gets."""

    work: Work[Message, None]
    courier: Courier

    @property
    def parts(self) -> dict[str, Any]:
        """What routes and tests ask for by name."""
        return {"courier": self.courier}

    @property
    def worker_background(self) -> list[Background]:
        """What runs in workers."""
        return [self.courier]


def in_mongo(runtime: Runtime) -> MessageStore:
    """Keep them in the service's database."""
    return MongoMessages(runtime.database)


def messaging_of(
    runtime: Runtime,
    store: MessageStore,
    cases: Cases,
    supervisions: Supervisions,
    settings: QuarantineSettings,
    gateway: SmsGateway | None = None,
) -> Messaging:
    """Make it on its store; *gateway* stands in for the one of the settings."""
    work = runtime.work(Heart("message", decide_message, to_event, lambda: None), store)
    link = f"{settings.own_origin}{PAGE}"
    writer = ReminderWriter(runtime, cases, supervisions, link=link, has_accents=settings.sms_accents)
    sends = gateway or gateway_at(settings.sms_url, settings.sms_token, sender=settings.sms_sender)
    return Messaging(work, Courier(runtime, store, work, writer, sends))
