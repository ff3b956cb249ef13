"""What the dated policies say, as the domain reads them. The YAML behind is in rules/permit."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from common.kernel.clock import local_day
from permit.domain.errors import InvalidPeriod, InvalidPlate, InvalidWindow, PlateRequired, UnknownCategory
from permit.domain.firms import unvouched
from permit.domain.issuers import Issuer
from permit.domain.model import Outcome, Ruling, Terms, Window

DAY_MINUTES = 24 * 60
MOST_AREAS = 30
MOST_WINDOWS = 3
MOST_CO_PASSENGERS = 8
"""A car with a driver and eight seats; a bus has a list of its own."""
SOONEST_START_AHEAD = timedelta(days=7)
_PLATE = re.compile(r"\d{2}[A-ZĐ]{1,2}\d{4,6}")


class Directive(StrEnum):
    """Chỉ thị in force in an area; *none* means that nobody needs a permit."""

    NONE = "none"
    DIRECTIVE_19 = "19"
    DIRECTIVE_15 = "15"
    DIRECTIVE_16 = "16"


STRICTNESS = tuple(Directive)
"""From loose to strict, as 15/CT-TTg, 16/CT-TTg and 19/CT-TTg order them."""


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """
    What a policy says about one category of travellers.

    *hours* are the minutes of the day that travel may fill; *issuer* is the office that answers for it, and
    decides a queued one within *answer_hours*, with *signatures* people under an approval. *citizen* is the
    outcome for somebody who applies for themselves where that is another one: who says alone to be on public
    duty is looked at by a person.
    *reason* is the sentence that a refused or queued applicant reads.
    """

    code: str
    number: int
    title: str
    outcome: Outcome
    hours: tuple[int, int] = (0, DAY_MINUTES)
    max_hours: int = 72
    needs_plate: bool = False
    issuer: str = ""
    answer_hours: int = 24
    signatures: int = 1
    citizen: Outcome | None = None
    reason: str = ""
    citizen_reason: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy of one directive, in one version."""

    version: str
    directive: Directive
    document: str
    categories: Mapping[str, CategoryRule]


@dataclass(frozen=True, slots=True)
class CheckpointRules:
    """How forgiving a checkpoint is. Own choice of the province, not of a regulation."""

    version: str = "checkpoint-default"
    window_grace: timedelta = timedelta(minutes=15)
    expiry_grace: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class PermitRules:
    """Everything dated that a decision of this service may need."""

    policy_on: Callable[[Directive, date], Policy]
    checkpoint: CheckpointRules = field(default_factory=CheckpointRules)
    issuers: Mapping[str, Issuer] = field(default_factory=dict)
    appeal_answer: timedelta = timedelta(hours=24)
    """How long an appeal may wait."""
    undo: timedelta = timedelta()
    """How long an officer may take a decision back; it counts only then."""
    trail_key: bytes = b""
    """Key of the chained record of decisions."""

    def category(self, code: str, directive: Directive, now: datetime) -> tuple[Policy, CategoryRule]:
        """Return the policy in force and its rule for a category; `UnknownCategory` if it has none."""
        policy = self.policy_on(directive, local_day(now))
        rule = policy.categories.get(code)
        if rule is None:
            known = ", ".join(sorted(policy.categories))
            raise UnknownCategory(
                f"Quy định đang áp dụng không có nhóm này. Hãy chọn một trong: {known}.", field="category"
            )
        return policy, rule


def ruling_on(
    terms: Terms,
    directive: Directive,
    rules: PermitRules,
    now: datetime,
    *,
    by_citizen: bool = False,
    is_vouched: bool = True,
) -> tuple[Terms, Ruling]:
    """
    Decide an application by the policy in force: approve, refuse with the reason, or leave to a person.

    Who names no hours gets those of the category. Raises `Invalid` for terms that no policy could accept.
    """
    policy, rule = rules.category(terms.category, directive, now)
    if not terms.windows and rule.hours != (0, DAY_MINUTES):
        terms = replace(terms, windows=(Window(0b1111111, *rule.hours),))
    if by_citizen and rule.citizen is not None:
        rule = replace(rule, outcome=rule.citizen, reason=rule.citizen_reason)
    ruling = replace(_ruling(terms, policy, rule, now), issuer=rule.issuer)
    ruling = ruling if is_vouched else unvouched(ruling)
    if ruling.outcome is Outcome.QUEUED:
        due = now + timedelta(hours=rule.answer_hours)
        ruling = replace(ruling, answer_by=due, signatures=rule.signatures)
    return terms, ruling


def _ruling(terms: Terms, policy: Policy, rule: CategoryRule, now: datetime) -> Ruling:
    check_period(terms, rule, now)
    check_windows(terms.windows)
    check_plate(terms.plate, rule)
    if rule.outcome is Outcome.REFUSED:
        return Ruling(Outcome.REFUSED, policy.version, f"category:{rule.code}", rule.reason)
    if not all(_is_within(window, rule.hours) for window in terms.windows):
        return Ruling(Outcome.REFUSED, policy.version, f"hours:{rule.code}", _hours_reason(rule))
    return Ruling(rule.outcome, policy.version, f"category:{rule.code}", rule.reason)


def check_period(terms: Terms, rule: CategoryRule, now: datetime) -> None:
    """Refuse a validity that is empty, over, too long for its category or too far ahead."""
    if terms.valid_until <= terms.valid_from:
        raise InvalidPeriod("Giấy phải kết thúc sau khi bắt đầu. Hãy sửa ngày giờ.", field="valid_until")
    if terms.valid_until <= now:
        raise InvalidPeriod("Thời hạn này đã qua. Hãy chọn thời gian sắp tới.", field="valid_until")
    if terms.valid_from > now + SOONEST_START_AHEAD:
        raise InvalidPeriod("Chỉ nhận hồ sơ trước ngày đi tối đa 7 ngày.", field="valid_from")
    if terms.valid_until - terms.valid_from > timedelta(hours=rule.max_hours):
        raise InvalidPeriod(
            f"Nhóm này được cấp tối đa {rule.max_hours} giờ mỗi lần. Hãy rút ngắn, hết hạn thì xin lại.",
            field="valid_until",
        )


def check_windows(windows: tuple[Window, ...]) -> None:
    """Refuse hours that cannot be."""
    if len(windows) > MOST_WINDOWS:
        raise InvalidWindow(f"Mỗi giấy có tối đa {MOST_WINDOWS} khung giờ.", field="windows")
    for window in windows:
        is_hours = 0 <= window.from_minute < DAY_MINUTES and 0 <= window.to_minute <= DAY_MINUTES
        if not is_hours or window.from_minute == window.to_minute or not 1 <= window.weekdays <= 0b1111111:
            raise InvalidWindow(
                "Khung giờ cần có thứ trong tuần, giờ đi và giờ về khác nhau.", field="windows"
            )


def check_plate(plate: str, rule: CategoryRule) -> None:
    """Refuse a malformed plate, and none where the category needs one."""
    check_plate_shape(plate)
    if rule.needs_plate and not plate:
        raise PlateRequired("Nhóm này đi bằng xe đã đăng ký. Hãy ghi biển số.", field="plate")


def check_plate_shape(plate: str) -> None:
    """Refuse what is no plate; none at all is fine."""
    if plate and not _PLATE.fullmatch(plate):
        raise InvalidPlate("Biển số có dạng như 20C-123.45 hoặc 20-B1 234.56.", field="plate")


def normal_plate(typed: str) -> str:
    """Return a plate in capitals without dots, dashes and spaces."""
    return re.sub(r"[\s.\-]", "", typed.upper())


def strictest(directives: list[Directive]) -> Directive:
    """Return the strictest of several; *none* for no directive at all."""
    return max(directives, key=STRICTNESS.index, default=Directive.NONE)


def _is_within(window: Window, hours: tuple[int, int]) -> bool:
    """Tell whether *window* stays within *hours*; both may run over midnight."""
    length = (window.to_minute - window.from_minute) % DAY_MINUTES or DAY_MINUTES
    allowed = (hours[1] - hours[0]) % DAY_MINUTES or DAY_MINUTES
    offset = (window.from_minute - hours[0]) % DAY_MINUTES
    return allowed == DAY_MINUTES or offset + length <= allowed


def _hours_reason(rule: CategoryRule) -> str:
    start, end = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in rule.hours)
    return f"Nhóm này chỉ được đi từ {start} đến {end}. Hãy sửa khung giờ rồi nộp lại."
