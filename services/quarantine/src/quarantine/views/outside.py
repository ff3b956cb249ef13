"""Declarations from other apps: each row is matched, decided and answered alone; all go in one batch."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from pydantic import ValidationError

from common.http.validation_vi import field_of, message_of
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.kernel.errors import DomainError, Kind
from common.kernel.ids import derived_id
from common.rules import RuleBook
from common.service import Runtime
from common.work.ledger import Ledger
from common.work.model import Cause, Errand, Outcome, Result
from quarantine.domain.commands import RecordReport
from quarantine.rulebook import PartnerFile
from quarantine.views.matching import Finder, Found
from quarantine.views.outside_bodies import IntakeBody, IntakeView, RowBody, RowOutcome, RowView

MEASURES = ("temperature_celsius", "spo2_percent", "symptoms")


class PartnerUnknown(DomainError):
    """No agreement in force names this client."""

    slug = "partner-unknown"
    kind = Kind.FORBIDDEN
    title = "Chưa có thỏa thuận liên thông"


@dataclass(frozen=True, slots=True)
class _Refused:
    code: str
    detail: str


class Outside:
    """Takes what apps bring."""

    def __init__(
        self, runtime: Runtime, finder: Finder, ledger: Ledger[Any, Any], partners: RuleBook[PartnerFile]
    ) -> None:
        self._runtime, self._finder, self._ledger, self._partners = runtime, finder, ledger, partners

    async def take(self, body: IntakeBody, by: Actor, cause: Cause) -> IntakeView:
        """Record what may be recorded; the same row sent again is answered as known, with its receipt."""
        terms = self._terms(by)
        rows = [_read(row, terms) for row in body.declarations]
        found = await self._finder.find(_tokens(rows, self._finder), by)
        matched = [row if isinstance(row, _Refused) else self._match(row, found, by, terms) for row in rows]
        commands = [one for one in matched if isinstance(one, RecordReport)]
        await self._runtime.access_log.note(
            by, sorted({c.person_id for c in commands}), f"Nhận tờ khai từ {terms.title}"
        )
        errands = [Errand(one, _cause(one, cause)) for one in commands]
        results = iter(await self._ledger.run_batch(errands) if errands else [])
        items = [
            _answered(
                place, body.declarations[place], next(results) if isinstance(one, RecordReport) else one
            )
            for place, one in enumerate(matched)
        ]
        counts = {kind.value: sum(item.outcome is kind for item in items) for kind in RowOutcome}
        return IntakeView(**counts, items=items)

    def _terms(self, by: Actor) -> PartnerFile:
        terms = [
            one
            for one in self._partners.versions
            if one.key == by.subject and one.covers(local_day(self._runtime.clock.now()))
        ]
        if not terms:
            raise PartnerUnknown("Ứng dụng này chưa có thỏa thuận đang hiệu lực. Hãy liên hệ Sở Y tế.")
        return terms[0]

    def _match(self, row: RowBody, found: Found, by: Actor, terms: PartnerFile) -> RecordReport | _Refused:
        tokens = _tokens_of(row, self._finder)
        if row.full_name and not row.cccd:
            tokens = (*tokens, *self._finder.name_token(row.full_name))
        files = found.of(*tokens)
        if not files:
            return _Refused(
                "person-unknown",
                "Không có người này trong danh sách cách ly của địa bàn. Không phải khai ở đây.",
            )
        if len({case.person_id for case in files}) > 1:
            return _Refused(
                "person-ambiguous", "Nhiều người dùng chung số này. Hãy gửi kèm số CCCD hoặc họ tên đầy đủ."
            )
        return RecordReport(
            report_id=derived_id("partner-report", by.subject, row.external_id),
            person_id=files[0].person_id,
            by=by,
            declared_by=row.declared_by,
            reported_at=row.reported_at.astimezone(UTC),
            temperature_celsius=row.temperature_celsius,
            spo2_percent=row.spo2_percent,
            symptoms=tuple(dict.fromkeys(row.symptoms)),
            channel=terms.channel,
        )


def _cause(command: RecordReport, cause: Cause) -> Cause:
    return replace(cause, id=command.report_id)


def _read(row: dict[str, Any], terms: PartnerFile) -> RowBody | _Refused:
    """Read one row; what is wrong in it is told about it alone."""
    try:
        read = RowBody.model_validate_json(json.dumps(row))
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        return _Refused("row-invalid", f"{field_of(first)}: {message_of(first)}")
    if not read.cccd and not read.phone:
        return _Refused("person-missing", "Thiếu số CCCD hoặc số điện thoại của người khai.")
    extra = [name for name in MEASURES if getattr(read, name) and name not in terms.may_send]
    if extra:
        return _Refused("field-not-agreed", f"Thỏa thuận không cho gửi: {', '.join(extra)}.")
    return read


def _tokens_of(row: RowBody, finder: Finder) -> tuple[str, ...]:
    return (finder.token(row.cccd or row.phone or ""),)


def _tokens(rows: Sequence[RowBody | _Refused], finder: Finder) -> set[str]:
    return {token for row in rows if isinstance(row, RowBody) for token in _tokens_of(row, finder)}


def _answered(place: int, row: dict[str, Any], result: Result | _Refused) -> RowView:
    named = row.get("external_id")
    told: dict[str, Any] = {"index": place, "external_id": named if isinstance(named, str) else None}
    if isinstance(result, _Refused):
        return RowView(**told, outcome=RowOutcome.REFUSED, code=result.code, detail=result.detail)
    if isinstance(result.error, DomainError):
        return RowView(**told, outcome=RowOutcome.REFUSED, code=result.error.slug, detail=result.error.detail)
    if result.error is not None:
        detail = "Hệ thống gặp lỗi ở dòng này. Hãy gửi lại dòng này sau ít phút."
        return RowView(**told, outcome=RowOutcome.REFUSED, code="try-again", detail=detail)
    outcome = RowOutcome.KNOWN if result.outcome is Outcome.DUPLICATE else RowOutcome.ACCEPTED
    answer = result.answer
    return RowView(**told, outcome=outcome, receipt=answer["receipt"], is_late=answer["is_late"])
