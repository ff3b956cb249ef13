"""What an order on one permit makes of it: suspend, reinstate, revoke, give back."""

from dataclasses import replace

from permit.domain.commands import Cancel, OnPermit, Reinstate, Revoke, Suspend
from permit.domain.errors import NotInForce
from permit.domain.model import Ending, Permit


def changed(permit: Permit, command: OnPermit) -> Permit:
    """Return the permit after the order; raises what the permit's state refuses."""
    noted = replace(permit, note=command.note, acted_by=command.by.subject)
    match command:
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
