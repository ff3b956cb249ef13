"""Links and tickets: secrets of 256 bits that are shown once and kept as hashes."""

import hashlib
import secrets
from datetime import datetime, timedelta

from common.kernel.clock import Clock
from f0_monitoring.domain.consultation import Consultation
from f0_monitoring.domain.consultation_errors import LinkRefused, TicketRefused
from f0_monitoring.ports.meeting import Link, RoomKeys, Seat, Ticket

LINK_LIFE = timedelta(minutes=60)
"""Sent when the doctor is about to call: a link that lies about in messages for days opens nothing."""
TICKET_LIFE = timedelta(hours=2)
"""Long enough to wait and to come back after a broken line; the room closes with the consultation anyway."""


class Keys:
    """Hands out links and tickets and takes them back."""

    def __init__(self, kept: RoomKeys, clock: Clock) -> None:
        self._kept = kept
        self._clock = clock

    async def new_link(self, consultation_id: str, made_by: str) -> tuple[str, datetime]:
        """Return the secret of a new link and when it ends; the one before it is withdrawn."""
        secret, until = secrets.token_urlsafe(32), self._clock.now() + LINK_LIFE
        await self._kept.put_link(digest_of(secret), Link(consultation_id, made_by, until))
        return secret, until

    async def use_link(self, secret: str) -> tuple[Link, str]:
        """Use a link; return it and as whom its user sits in the room. `LinkRefused` says why not."""
        digest, now = digest_of(secret), self._clock.now()
        link = await self._kept.use_link(digest, now)
        if link is None:
            raise LinkRefused("Đường dẫn không đúng hoặc đã quá cũ. Hãy xin bác sĩ gửi đường dẫn mới.")
        if link.is_withdrawn:
            raise LinkRefused("Đã có đường dẫn mới hơn. Hãy mở tin nhắn mới nhất.")
        if link.used_at is not None:
            raise LinkRefused(
                "Đường dẫn này đã được mở một lần. Hãy quay lại trang đã mở, "
                "hoặc xin bác sĩ gửi đường dẫn mới."
            )
        if link.expires_at <= now:
            raise LinkRefused("Đường dẫn đã hết hạn. Hãy xin bác sĩ gửi đường dẫn mới.")
        return link, f"link:{digest[:24]}"

    async def new_ticket(self, consultation: Consultation, seat: Seat, holder: str) -> tuple[str, Ticket]:
        """Return the secret of a new ticket, and the ticket."""
        secret = secrets.token_urlsafe(32)
        ticket = Ticket(consultation.consultation_id, seat, holder, self._clock.now() + TICKET_LIFE)
        await self._kept.put_ticket(digest_of(secret), ticket)
        return secret, ticket

    async def ticket(self, secret: str, consultation_id: str | None = None) -> Ticket:
        """Return the ticket behind *secret*; `TicketRefused` when it opens nothing, or another room."""
        ticket = await self._kept.ticket(digest_of(secret))
        if ticket is None or ticket.expires_at <= self._clock.now():
            raise TicketRefused("Lượt vào phòng khám đã hết hạn. Hãy mở lại trang.")
        if consultation_id is not None and ticket.consultation_id != consultation_id:
            raise TicketRefused("Lượt vào này là của phòng khám khác. Hãy mở lại đường dẫn của bạn.")
        return ticket


def digest_of(secret: str) -> str:
    """Return what is kept of a secret: at 256 random bits a plain hash cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()
