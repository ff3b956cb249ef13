"""
Everything that is dated: which document rules on which day, and the parameters of the daily duty.

A protocol may be looked at before it rules (`adopting`): what it would do is decided by the same code.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from common.kernel.areas import Area
from common.kernel.clock import VIETNAM
from quarantine.domain.errors import NoProtocolInForce, ProtocolInForce, UnknownProtocol
from quarantine.domain.protocols import ONE_DAY, Plan, Protocol, Regime, Subject, plan_of


class ReleaseFrom(StrEnum):
    """Whether people may go during their last day or only when it is over."""

    LAST_DAY = "last_day"
    DAY_AFTER = "day_after"


@dataclass(frozen=True, slots=True)
class Supervision:
    """Parameters of the daily duty and of what a declaration may say. Times are Vietnamese."""

    code: str
    effective_from: date
    effective_to: date | None
    opens: time
    due: time
    notice: timedelta
    """An order given later than this before the deadline owes its first declaration the next day."""
    grace: timedelta
    """How long after the deadline absence is judged: what was accepted by then is in the ledger."""
    oldest_report: timedelta
    clock_tolerance: timedelta
    temperature_celsius: tuple[float, float]
    spo2_percent: tuple[int, int]
    release_from: ReleaseFrom

    def opens_at(self, day: date) -> datetime:
        """Instant from which day *day* is usually declared."""
        return datetime.combine(day, self.opens, VIETNAM).astimezone(UTC)

    def due_at(self, day: date) -> datetime:
        """Deadline of day *day*."""
        return datetime.combine(day, self.due, VIETNAM).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class QuarantineRules:
    """Everything that is dated. *as_of* pins the day whose rules are read (drills); normally None."""

    protocols: tuple[Protocol, ...]
    supervisions: tuple[Supervision, ...]
    as_of: date | None = None
    candidate: Protocol | None = None
    """A document looked at as if it ruled before all others; decisions are never made with one."""

    def plan(self, subject: Subject, exposed_on: date, starts_on: date, on: date) -> Plan:
        """Quyết định thời gian: days and tests for *subject* ordered on day *on*, by the newest document."""
        return plan_of(self.regime_for(subject, on), exposed_on, starts_on)

    def regime_for(self, subject: Subject, on: date, *, judged_on: date | None = None) -> Regime:
        """
        Return the regime of the newest document in force on day *on* that covers *subject*.

        Doses and recovery are judged on day *judged_on* (normally the same): a dose does not ripen because
        somebody is in quarantine.
        """
        for protocol in self.in_force(on, subject.area):
            for regime in protocol.regimes:
                if regime.covers(subject, judged_on or on):
                    return regime
        raise NoProtocolInForce(
            "Không có văn bản nào đang áp dụng cho đối tượng này. Hãy hỏi trung tâm kiểm soát bệnh tật tỉnh."
        )

    def in_force(self, on: date, area: Area) -> tuple[Protocol, ...]:
        """Return the documents that rule in *area* on day *on*, in order of precedence."""
        day = self.as_of or on
        ruling = [p for p in self.protocols if p.is_in_force(day, area)]
        newest = sorted(ruling, key=lambda p: (p.effective_from, p.code), reverse=True)
        return (self.candidate, *newest) if self.candidate else tuple(newest)

    def next_change(self, today: date, area: Area) -> date | None:
        """Return the first day after *today* on which other documents rule in *area* than today."""
        ruling = self.in_force(today, area)
        days = {day for protocol in self.protocols for day in _turns(protocol) if day > today}
        return next((day for day in sorted(days) if self.in_force(day, area) != ruling), None)

    def adopting(self, code: str, today: date, area: Area) -> "QuarantineRules":
        """
        Return these rules with document *code* ruling before all others, whatever its dates and places say.

        Raises `UnknownProtocol`, or `ProtocolInForce` when it rules in *area* already.
        """
        found = next((p for p in self.protocols if p.code == code), None)
        if found is None:
            raise UnknownProtocol(
                "Không có văn bản này trong danh mục quy định cách ly. Hãy chọn lại từ danh sách.",
                field="protocol",
            )
        if found in self.in_force(today, area):
            raise ProtocolInForce(
                f"{found.document.number} đang áp dụng rồi. Hãy bỏ chọn văn bản để xem thay đổi sắp tới.",
                field="protocol",
            )
        return replace(self, candidate=found)

    def supervision(self, on: date) -> Supervision:
        """Return the parameters in force on day *on*; the earliest ones before there were any."""
        day = self.as_of or on
        begun = [s for s in self.supervisions if s.effective_from <= day]
        return max(begun or self.supervisions[:1], key=lambda s: s.effective_from)

    def find(self, code: str) -> tuple[Protocol, Regime] | None:
        """Return the document and regime that an order was decided by."""
        for protocol in self.protocols:
            for regime in protocol.regimes:
                if regime.code == code:
                    return protocol, regime
        return None


def _turns(protocol: Protocol) -> Iterable[date]:
    """Return the days on which a document begins and has ceased to rule."""
    yield protocol.effective_from
    if protocol.effective_to is not None:
        yield protocol.effective_to + ONE_DAY
