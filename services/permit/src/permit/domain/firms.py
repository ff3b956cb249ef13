"""
A firm (doanh nghiệp) registers once; its staff lists count by themselves after a permit officer confirmed it.

Until then an employer may fill in and check lists, but no machine approves a permit on its word.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from common.kernel.areas import Actor, Area
from common.kernel.decision import Decision
from common.kernel.ids import derived_id
from permit.domain import authority
from permit.domain.errors import FirmNotFound, InvalidTaxCode, NotInForce
from permit.domain.model import Outcome, Ruling

_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_LENGTHS = (10, 12, 13)
UNVOUCHED = (
    "Doanh nghiệp chưa được cán bộ cấp giấy xác nhận, nên hồ sơ này chờ người xét. Hãy đăng ký doanh nghiệp "
    "hoặc gọi xã, phường nơi đặt trụ sở."
)


class FirmStatus(StrEnum):
    """Legal states: registered -> confirmed or refused; either may be left by an officer or a new entry."""

    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Firm:
    """One employer's firm. *contact* is who answers for it, sealed; *blind* are look-up tokens of it."""

    firm_id: str
    subject: str
    """The account that registered it and whose lists count for it."""
    name: str
    tax_code: str
    area: Area
    address: str
    contact: str
    status: FirmStatus
    registered_at: datetime
    reason: str = ""
    """What the employer reads after a refusal."""
    settled_by: str = ""

    @property
    def is_confirmed(self) -> bool:
        """Tell whether the machine may approve permits on this firm's word."""
        return self.status is FirmStatus.CONFIRMED


@dataclass(frozen=True, slots=True)
class RegisterFirm:
    """An employer says who they are, or corrects it."""

    by: Actor
    name: str
    tax_code: str
    area: Area
    address: str
    contact: str

    @property
    def aggregate_id(self) -> str:
        """One firm per account."""
        return firm_id_of(self.by.subject)


@dataclass(frozen=True, slots=True)
class SettleFirm:
    """A permit officer confirms a firm or refuses it, also one that was confirmed before."""

    firm_id: str
    by: Actor
    status: FirmStatus
    reason: str = ""

    @property
    def aggregate_id(self) -> str:
        """The firm."""
        return self.firm_id


def firm_id_of(subject: str) -> str:
    """Return the id of the firm that an account stands for."""
    return derived_id("firm", subject)


def decide(firm: Firm | None, command: Any, _rules: None, now: datetime) -> Decision[Firm]:
    """Dispatch one command on a firm."""
    match command:
        case RegisterFirm():
            return register(firm, command, now)
        case SettleFirm():
            return settle(firm, command)
    raise TypeError(f"no decision for {type(command).__name__}")


def register(firm: Firm | None, command: RegisterFirm, now: datetime) -> Decision[Firm]:
    """
    Register a firm (đăng ký doanh nghiệp).

    Another name, tax code or place must be confirmed again; a new telephone number need not.
    """
    authority.require_role(command.by, authority.EMPLOYER)
    tax_code = normal_tax_code(command.tax_code)
    after = Firm(
        firm_id=command.aggregate_id,
        subject=command.by.subject,
        name=command.name,
        tax_code=tax_code,
        area=command.area,
        address=command.address,
        contact=command.contact,
        status=FirmStatus.REGISTERED,
        registered_at=now,
    )
    if firm is not None and firm.is_confirmed and _identity(firm) == _identity(after):
        after = replace(
            after, status=firm.status, registered_at=firm.registered_at, settled_by=firm.settled_by
        )
    return Decision(after, answer={"firm_id": after.firm_id})


def settle(firm: Firm | None, command: SettleFirm) -> Decision[Firm]:
    """Confirm or refuse a firm (xác nhận doanh nghiệp): an act of the permit officers of its area."""
    authority.require_role(command.by, authority.OFFICER)
    if firm is None:
        raise FirmNotFound("Không có doanh nghiệp này. Hãy tải lại danh sách.")
    command.by.require(firm.area)
    if command.status is FirmStatus.REGISTERED:
        raise NotInForce("Cán bộ xác nhận hoặc từ chối; doanh nghiệp tự đăng ký lại.")
    after = replace(firm, status=command.status, reason=command.reason, settled_by=command.by.subject)
    return Decision(after, answer={"firm_id": firm.firm_id})


def unvouched(ruling: Ruling) -> Ruling:
    """Leave to a person what a policy would approve, because nobody confirmed the firm that asks."""
    if ruling.outcome is not Outcome.APPROVED:
        return ruling
    return replace(ruling, outcome=Outcome.QUEUED, rule=f"{ruling.rule}:firm", reason=UNVOUCHED)


def normal_tax_code(typed: str) -> str:
    """
    Return a tax code (mã số thuế) without marks: 10 digits, 13 for a branch, or 12 of a household's CCCD.

    The tenth digit checks the first nine (weights of the General Department of Taxation).
    """
    digits = "".join(letter for letter in typed if letter not in " .-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in _LENGTHS:
        raise InvalidTaxCode(
            "Mã số thuế có 10 chữ số (chi nhánh: 13; hộ kinh doanh: 12 số CCCD). Hãy xem trên giấy đăng ký.",
            field="tax_code",
        )
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    if len(digits) != 12 and 10 - total % 11 != int(digits[9]):  # twelve digits are a CCCD, without check
        raise InvalidTaxCode(
            "Mã số thuế này sai một chữ số nào đó. Hãy so lại với giấy đăng ký.", field="tax_code"
        )
    return digits


def _identity(firm: Firm) -> tuple[str, str, Area]:
    return firm.name, firm.tax_code, firm.area
