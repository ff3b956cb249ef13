"""Consultations and the rooms in which they are held."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from fastapi import APIRouter

from common.service import Background, Runtime
from common.web.pages import PageSettings, page_routes
from common.work.engine import Work
from common.work.model import AggregateStore, Heart
from f0_monitoring.domain.consultation import Consultation
from f0_monitoring.domain.consulting import decide_consultation
from f0_monitoring.domain.diary import Diary, decide_diary
from f0_monitoring.ports import Doctors, Patients
from f0_monitoring.ports.consultations import Consultations
from f0_monitoring.ports.meeting import RoomKeys, Rooms, Signals
from f0_monitoring.ports.messages import Messages
from f0_monitoring.routes import consultations as consultation_routes
from f0_monitoring.routes import meeting as meeting_routes
from f0_monitoring.settings import F0MonitoringSettings
from f0_monitoring.store.consultations import MongoConsultations, MongoDiaries
from f0_monitoring.store.meeting import MongoRoomKeys, MongoRooms, MongoSignals
from f0_monitoring.translate.consultations import to_event
from f0_monitoring.views.consultation_view import Reader
from f0_monitoring.views.consultations import ConsultationDesk
from f0_monitoring.views.meeting.ice import Relays
from f0_monitoring.views.meeting.keys import Keys
from f0_monitoring.views.meeting.own_room import OwnMeetingRoom
from f0_monitoring.views.meeting.reception import Reception
from f0_monitoring.views.meeting.room_page import RoomPage
from f0_monitoring.views.meeting.signalling import Signalling


class ConsultationStore(Consultations, AggregateStore[Consultation], Protocol):
    """Where consultations are kept and looked up."""


@dataclass(frozen=True, slots=True)
class ConsultingStores:
    """Where everything about consultations is kept."""

    consultations: ConsultationStore
    diaries: AggregateStore[Diary]
    rooms: Rooms
    signals: Signals
    keys: RoomKeys


@dataclass(frozen=True, slots=True)
class Consulting:
    """What the service gets: routes and pages, their parts, what follows the rooms, further stores."""

    routers: list[APIRouter]
    parts: dict[str, Any]
    background: list[Background]
    stores: list[Any] = field(default_factory=list)


def in_mongo(runtime: Runtime, patients: Patients) -> ConsultingStores:
    """Keep it in the service's database."""
    database = runtime.database
    rooms = MongoRooms(database)
    return ConsultingStores(
        consultations=MongoConsultations(database, patients, rooms),
        diaries=MongoDiaries(database),
        rooms=rooms,
        signals=MongoSignals(database),
        keys=MongoRoomKeys(database),
    )


def consulting_of(
    runtime: Runtime,
    stores: ConsultingStores,
    patients: Patients,
    doctors: Doctors,
    settings: F0MonitoringSettings,
    pages: Path,
    messages: Messages | None = None,
) -> Consulting:
    """Make it on its stores; *pages* is the folder of the service's pages."""
    work, diaries = _works(runtime, stores)
    keys = Keys(stores.keys, runtime.clock)
    room = OwnMeetingRoom(stores.rooms, keys, runtime.clock)
    reader = Reader(runtime, patients, doctors, messages)
    desk = ConsultationDesk(runtime, patients, stores.consultations, reader, work, diaries, room)
    around = (keys, desk, stores.consultations, work, runtime.clock)
    signalling = Signalling(stores.rooms, stores.signals, *around)
    web, relays = PageSettings(settings.oidc_issuer), relays_of(settings)
    return Consulting(
        routers=[consultation_routes.router, meeting_routes.router, _pages(web, pages)],
        parts={
            "consultations": work,
            "consultation_desk": desk,
            "reception": Reception(desk, reader, stores.consultations, patients, room, keys, relays),
            "room_page": RoomPage(pages / "kham" / "room.html", web),
            "signalling": signalling,
        },
        background=[signalling],
        stores=[stores.rooms, stores.signals, stores.keys],
    )


def _works(runtime: Runtime, stores: ConsultingStores) -> tuple[Work[Consultation, None], Work[Diary, None]]:
    hearts = (
        Heart("consultation", decide_consultation, to_event, lambda: None),
        Heart("diary", decide_diary, to_event, lambda: None),
    )
    return runtime.work(hearts[0], stores.consultations), runtime.work(hearts[1], stores.diaries)


def relays_of(settings: F0MonitoringSettings) -> Relays:
    """Read which servers the browsers are given."""
    secret = settings.turn_secret.get_secret_value() if settings.turn_secret else ""
    return Relays(tuple(settings.stun_urls.split()), tuple(settings.turn_urls.split()), secret)


def _pages(web: PageSettings, folder: Path) -> APIRouter:
    return page_routes(
        {"/kham": folder / "kham" / "doctor.html", "/hen-kham": folder / "kham" / "citizen.html"}, web
    )
