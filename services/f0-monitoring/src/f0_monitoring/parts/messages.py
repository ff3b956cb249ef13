"""Text messages to patients: the courier, and what it hears."""

from dataclasses import dataclass
from typing import Protocol

from common.courier import Courier
from common.kernel.messages import Message, decide_message
from common.service import Background, Runtime
from common.sms import SmsGateway, gateway_at
from common.work.engine import Work
from common.work.model import AggregateStore, Heart
from f0_monitoring import ports
from f0_monitoring.ports.consultations import Consultations
from f0_monitoring.ports.meeting import RoomKeys
from f0_monitoring.ports.messages import Messages
from f0_monitoring.settings import F0MonitoringSettings
from f0_monitoring.translate import to_event
from f0_monitoring.views.consultation_view import Reader
from f0_monitoring.views.meeting.keys import Keys
from f0_monitoring.views.meeting.reception import ROOM_PATH
from f0_monitoring.views.messages.writer import Around, Letterhead, ReminderWriter


class MessageStore(Messages, AggregateStore[Message], Protocol):
    """Where messages are kept and looked up."""


@dataclass(frozen=True, slots=True)
class Messaging:
    """What the service gets: who hears of reminders, and who sends them."""

    work: Work[Message, None]
    courier: Courier

    @property
    def worker_background(self) -> list[Background]:
        """What runs in workers."""
        return [self.courier]


def messaging_of(
    runtime: Runtime,
    store: MessageStore,
    around: tuple[ports.Patients, ports.Doctors, Consultations, RoomKeys],
    settings: F0MonitoringSettings,
    gateway: SmsGateway | None = None,
) -> Messaging:
    """Make it on its store; *around* are patients, doctors, consultations and links of the rooms."""
    patients, doctors, consultations, keys = around
    work = runtime.work(Heart("message", decide_message, to_event, lambda: None), store)
    reader = Reader(runtime, patients, doctors)
    sources = Around(patients, consultations, reader, Keys(keys, runtime.clock))
    head = Letterhead(f"{settings.public_url.rstrip('/')}{ROOM_PATH}", settings.sms_accents)
    writer = ReminderWriter(sources, head)
    return Messaging(work, Courier(runtime, store, work, writer, gateway or gateway_of(settings)))


def gateway_of(settings: F0MonitoringSettings) -> SmsGateway:
    """Return the gateway that is set up."""
    return gateway_at(settings.sms_url, settings.sms_token, sender=settings.sms_sender)
