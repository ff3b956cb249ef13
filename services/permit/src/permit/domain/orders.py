"""What an order on one permit makes of it: settle, suspend, reinstate, revoke, give back."""

from dataclasses import replace
from datetime import datetime

from permit.domain.commands import Cancel, OnPermit, Reinstate, Revoke, SettleQueued, Suspend
from permit.domain.errors import InvalidPeriod, NotInForce, NotInQueue
from permit.domain.model import Ending, Holder, Outcome, Permit, Status


def changed(holder: Holder, permit: Permit, command: OnPermit, now: datetime) -> Permit:
    """Return the permit after the order; raises what the holder's standing or the permit's state refuses."""
    status = holder.status_of(permit)
    noted = replace(permit, note=command.note, acted_by=command.by.subject)
    match command:
        case SettleQueued():
            if status is not Status.QUEUED:
                raise NotInQueue("Hồ sơ đã được giải quyết hoặc đã hết hạn. Hãy tải lại danh sách.")
            if command.outcome is Outcome.APPROVED and permit.terms.valid_until <= now:
                raise InvalidPeriod("Thời gian xin đi đã qua. Hãy từ chối và nhờ người xin nộp lại.")
            ruling = replace(
                permit.ruling,
                outcome=command.outcome,
                rule="officer",
                reason=command.reason,
                by=command.by.subject,
            )
            return replace(noted, ruling=ruling)
        case Suspend():
            _require_in_force(permit)
            return replace(noted, holds=permit.holds | {command.hold})
        case Reinstate():
            _require_in_force(permit)
            return replace(noted, holds=frozenset())
        case Revoke() | Cancel():
            _require_open(permit)
            return replace(noted, ending=Ending.REVOKED)
    raise TypeError(f"no act {type(command).__name__}")


def _require_in_force(permit: Permit) -> None:
    if not permit.is_issued or permit.ending is not None:
        raise NotInForce(
            "Giấy chưa được cấp, đã hết hạn hoặc đã thu hồi, nên không tạm dừng hay mở lại được."
        )


def _require_open(permit: Permit) -> None:
    if not permit.is_open:
        raise NotInForce("Giấy đã kết thúc nên không thu hồi được nữa.")
