"""
Refusals as `application/problem+json` (RFC 9457), in Vietnamese, with a stable type.

This is the only place that knows which kind of refusal has which status. Inputs are never echoed.
"""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from common.http.validation_vi import field_of, message_of
from common.kernel.errors import DomainError, Kind
from common.logs import correlation_id

PROBLEM_JSON: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:la-chan:problem:"
_STATUS: Final = {
    Kind.INVALID: 422,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.REFUSED: 409,
    Kind.FORBIDDEN: 403,
}
_HTTP_PROBLEMS: Final[dict[int, tuple[str, str, str]]] = {
    400: ("bad-request", "Yêu cầu không đọc được", "Hãy kiểm tra lại nội dung gửi lên."),
    401: ("not-signed-in", "Chưa đăng nhập", "Hãy đăng nhập rồi thử lại."),
    403: ("not-allowed", "Không có quyền", "Tài khoản của bạn không được làm việc này."),
    404: ("no-such-page", "Không có trang này", "Hãy kiểm tra lại địa chỉ."),
    405: ("method-not-allowed", "Không dùng được cách gọi này", "Địa chỉ này không nhận phương thức đó."),
    406: ("not-acceptable", "Không có dạng dữ liệu này", "Hãy yêu cầu application/json."),
    413: ("body-too-large", "Nội dung quá lớn", "Hãy gửi ít hơn trong mỗi lần."),
    415: ("not-json", "Sai kiểu dữ liệu", "Hãy gửi JSON với Content-Type: application/json."),
    422: ("invalid-input", "Thông tin chưa đúng", "Hãy sửa các ô được nêu rồi gửi lại."),
    429: ("too-many-requests", "Quá nhiều yêu cầu", "Hãy đợi một lát rồi thử lại."),
    500: ("internal-fault", "Hệ thống gặp lỗi", "Lỗi đã được ghi lại. Hãy thử lại sau ít phút."),
    503: ("temporarily-unavailable", "Hệ thống đang bận", "Chưa lưu được. Hãy thử lại sau ít phút."),
}  # fmt: skip


class FieldFault(BaseModel):
    """One input at fault."""

    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457 problem details, plus the fields at fault and the id to quote when asking for help."""

    model_config = ConfigDict(json_schema_extra={"description": "RFC 9457 problem details"})

    type: str = Field(description="Stable: urn:la-chan:problem:<slug>")
    title: str
    status: int
    detail: str
    errors: list[FieldFault] = Field(default_factory=list)
    correlation_id: str = ""


def status_of(error: DomainError | type[DomainError]) -> int:
    """Return the HTTP status of a refusal."""
    return _STATUS[error.kind]


def problem(
    status: int,
    *,
    slug: str = "",
    title: str = "",
    detail: str = "",
    errors: list[FieldFault] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Build a problem response; what is left out is filled in from the status."""
    known = _HTTP_PROBLEMS.get(status, _HTTP_PROBLEMS[400 if status < 500 else 500])
    body = Problem(
        type=TYPE_PREFIX + (slug or known[0]),
        title=title or known[1],
        status=status,
        detail=detail or known[2],
        errors=errors or [],
        correlation_id=correlation_id(),
    )
    content = body.model_dump(exclude={"errors"} if not errors else None)
    return JSONResponse(content, status, dict(headers or {}), media_type=PROBLEM_JSON)


def problem_of(error: DomainError) -> JSONResponse:
    """Build the response of a refusal; the field at fault stands in `errors` too."""
    faults = [FieldFault(field=error.field, message=error.detail)] if error.field else None
    return problem(status_of(error), slug=error.slug, title=error.title, detail=error.detail, errors=faults)


class SignInProblem(HTTPException):
    """401 or 403 with a reason; raised by `common.http.auth`."""

    def __init__(self, status: int, slug: str, title: str, detail: str) -> None:
        headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'} if status == 401 else None
        super().__init__(status, detail, headers)
        self.slug = slug
        self.title = title


def problems(*errors: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """
    Declare in OpenAPI which refusals a route may answer, besides 401, 403 and 422.

    The schema of `Problem` itself is in the document once (`common.http.openapi`): the framework would
    build one more model for each of these declarations of each route, whenever an application starts.
    """
    by_status: dict[int, list[type[DomainError]]] = {401: [], 403: [], 422: []}
    for error in errors:
        by_status.setdefault(status_of(error), []).append(error)
    return {
        status: {
            "description": "; ".join(f"{error.slug}: {error.title}" for error in found)
            or _HTTP_PROBLEMS[status][1],
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, found in by_status.items()
    }


def install_problems(app: FastAPI) -> None:
    """Answer every refusal of *app*, ours and the framework's, as a problem."""
    app.add_exception_handler(DomainError, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_invalid_input)
    app.add_exception_handler(HTTPException, _on_http)


async def _on_refusal(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DomainError)  # noqa: S101  registered for this type only
    return problem_of(error)


async def _on_invalid_input(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = error.errors()
    if any(fault["type"] == "json_invalid" for fault in found):
        return problem(400, slug="broken-json", title="Nội dung không phải JSON hợp lệ")
    if _is_not_json(request, found):
        return problem(415)
    faults = [FieldFault(field=field_of(fault), message=message_of(fault)) for fault in found]
    return problem(422, detail=_summary(faults), errors=faults)


async def _on_http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    if isinstance(error, SignInProblem):
        return problem(
            error.status_code, slug=error.slug, title=error.title, detail=error.detail, headers=error.headers
        )
    return problem(error.status_code, headers=error.headers)


def _is_not_json(request: Request, found: Any) -> bool:
    whole_body = any(tuple(fault["loc"]) == ("body",) for fault in found)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    return whole_body and has_body and not (kind == "application/json" or kind.endswith("+json"))


def _summary(faults: list[FieldFault]) -> str:
    first = faults[0]
    where = f"{first.field}: " if first.field else ""
    more = f" (và {len(faults) - 1} chỗ khác)" if len(faults) > 1 else ""
    return f"{where}{first.message}{more}"
