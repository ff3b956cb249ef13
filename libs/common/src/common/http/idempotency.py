"""
One request, one effect: the `Idempotency-Key` header becomes the cause of the command.

The same key of the same person on the same address is the same cause, so a repetition (double tap,
offline queue, lost answer) gets the first answer again. Without a key every request is new.
"""

import re
import uuid
from typing import Annotated, ClassVar, Final

from fastapi import Depends, Header, Request

from common import tracing
from common.http.auth import session_of
from common.kernel.errors import Invalid
from common.kernel.ids import derived_id
from common.logs import correlation_id
from common.work.model import Cause

_KEY: Final = re.compile(r"[\x21-\x7e]{8,128}")


class BadIdempotencyKey(Invalid):
    """The key cannot tell two requests apart, or is no header value."""

    slug: ClassVar[str] = "bad-idempotency-key"
    title: ClassVar[str] = "Idempotency-Key không dùng được"


def cause_of(request: Request, subject: str, key: str | None) -> Cause:
    """Return the cause of *request*, made by *subject*."""
    if key is not None and not _KEY.fullmatch(key):
        raise BadIdempotencyKey(
            "Idempotency-Key phải dài 8 đến 128 ký tự không dấu, không khoảng trắng; nên dùng UUID.",
            field="Idempotency-Key",
        )
    route = " ".join((request.method, request.scope["path"]))
    cause_id = derived_id(route, subject, key) if key else str(uuid.uuid4())
    return Cause(id=cause_id, correlation_id=correlation_id() or cause_id, traceparent=tracing.current())


async def _idempotency_cause(
    request: Request,
    idempotency_key: Annotated[str | None, Header(description="UUID made by the client")] = None,
) -> Cause:
    session = await session_of(request)
    return cause_of(request, session.actor.subject, idempotency_key)


IdempotencyCause = Annotated[Cause, Depends(_idempotency_cause)]
