"""Lists for scanners. They are signed; a permit's number cannot be read out of them."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Response

from common.http.auth import CheckpointOfficer
from common.http.parts import provided
from common.http.problems import problems
from permit.domain.errors import NoListYet
from permit.views.lists import Lists, Served, is_known

router = APIRouter(prefix="/v1/revocations", tags=["lists"])

TheLists = Annotated[Lists, provided("lists")]
Known = Annotated[str | None, Header(alias="if-none-match")]
Number = Annotated[int, Path(ge=1, le=2**53 - 1)]
_AGAIN = "private, no-cache"
_NEVER = "private, max-age=31536000, immutable"


@router.get("/head", responses=problems(NoListYet), response_class=Response)
async def read_head(_officer: CheckpointOfficer, lists: TheLists, known: Known = None) -> Response:
    """Số hiệu và dấu của danh sách mới nhất, có chữ ký."""
    return _answer(await lists.head(known), known, _AGAIN)


@router.get("/full", responses=problems(NoListYet), response_class=Response)
async def read_full(_officer: CheckpointOfficer, lists: TheLists, known: Known = None) -> Response:
    """Danh sách đầy đủ, cho máy quét mới hoặc bỏ lỡ quá nhiều."""
    return _answer(await lists.full(known), known, _AGAIN)


@router.get("/changes/{first}/{last}", responses=problems(NoListYet), response_class=Response)
async def read_changes(
    first: Number, last: Number, _officer: CheckpointOfficer, lists: TheLists, known: Known = None
) -> Response:
    """Các lần thay đổi của danh sách, từ số đến số."""
    return _answer(await lists.changes(first, last), known, _NEVER)


def _answer(served: Served, known: str | None, caching: str) -> Response:
    headers = {"etag": f'"{served.version}"', "cache-control": caching, "vary": "authorization"}
    if is_known(served.version, known):
        return Response(status_code=304, headers=headers)
    return Response(served.body, media_type="application/octet-stream", headers=headers)
