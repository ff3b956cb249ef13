"""
The room itself: its page, its live line, and what is opened by a link or a ticket instead of a login.

These are not in the OpenAPI document: only our own pages use them, and who holds the secret may.
"""

from typing import Annotated

from fastapi import APIRouter, Request, WebSocket
from fastapi.responses import Response

from common.http.parts import provided
from f0_monitoring.views import consultation_bodies as bodies
from f0_monitoring.views.meeting.browser_line import BrowserLine, is_from_our_page
from f0_monitoring.views.meeting.reception import Reception
from f0_monitoring.views.meeting.room_page import RoomPage
from f0_monitoring.views.meeting.signalling import Signalling
from f0_monitoring.views.meeting.told import REFUSED

router = APIRouter(include_in_schema=False)

TheReception = Annotated[Reception, provided("reception")]
TheRoomPage = Annotated[RoomPage, provided("room_page")]


@router.get("/kham/phong")
@router.head("/kham/phong")
async def room_page(request: Request, page: TheRoomPage) -> Response:
    """Phòng khám: the one page that may use camera and microphone."""
    return page.answer(request.url.scheme, request.headers.get("host", ""))


@router.post("/v1/room-entries")
async def open_link(body: bodies.LinkBody, reception: TheReception) -> bodies.EntryView:
    """Mở đường dẫn một lần."""
    return await reception.open_link(body.link)


@router.post("/v1/ice-servers")
async def ice_servers(body: bodies.TicketBody, reception: TheReception) -> bodies.IceServersView:
    """Máy chủ kết nối, có hạn dùng, cho người đang có lượt vào phòng khám."""
    return await reception.ice_servers(body.ticket)


@router.websocket("/v1/rooms/{room_id}")
async def room(websocket: WebSocket, room_id: str) -> None:
    """Phòng khám trực tiếp: the first message holds the ticket."""
    signalling: Signalling = websocket.app.state.parts["signalling"]
    await websocket.accept()
    line = BrowserLine(websocket)
    await (signalling.serve(room_id, line) if is_from_our_page(websocket) else line.close(REFUSED))
