"""Quyết định cách ly: giving, moving and ending an order."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from common.kernel.areas import Actor, Area
from common.kernel.clock import local_day
from quarantine.domain.access import may_waive_tests
from quarantine.domain.commands import ExtendQuarantine, OrderQuarantine, ReleaseFromQuarantine
from quarantine.domain.duties import first_duty_on, resumed
from quarantine.domain.errors import (
    AlreadyF0,
    AlreadyInQuarantine,
    CaseNotFound,
    DateImpossible,
    EndNotMoved,
    NotInQuarantine,
    PossibleDuplicate,
    ReasonMissing,
    ReleaseNeedsTests,
    ReleaseTooEarly,
    WaiverNotYours,
)
from quarantine.domain.facts import QuarantineExtended
from quarantine.domain.merge_errors import FileMerged
from quarantine.domain.model import Basis, Case, Duty, Ending, Outcome, Person, Stay
from quarantine.domain.past import past_stays
from quarantine.domain.protocols import Plan, Subject, planned_tests
from quarantine.domain.rules import QuarantineRules, ReleaseFrom
from quarantine.domain.schedule import missing
from quarantine.domain.standing import ending, is_open

OLDEST_START = timedelta(days=30)
LONGEST_STAY = timedelta(days=60)
"""The contract and common sense: nobody is quarantined longer under one order."""


def order(case: Case | None, command: OrderQuarantine, rules: QuarantineRules, now: datetime) -> Case:
    """
    Ra quyết định: open a stay with the last day and tests of the protocol in force today.

    Refuses a second open stay, somebody under F0 care, and (until confirmed) a likely duplicate.
    """
    command.by.require(command.person.area)
    _refuse_duplicates(case, command)
    today = local_day(now)
    starts_on = _start(command, today)
    subject = Subject(command.category, command.place, command.origin, command.immunity, command.person.area)
    plan = rules.plan(subject, command.last_exposure_on, starts_on, today)
    base = case or Case(command.person_id)
    stay = _stay(command, plan, starts_on, first_duty_on(starts_on, now, rules.supervision(today)), now)
    return replace(base, person=command.person, stay=stay, past=past_stays(base))


def _refuse_duplicates(case: Case | None, command: OrderQuarantine) -> None:
    if case and case.joined.into:
        raise FileMerged(
            "Giấy tờ này thuộc một hồ sơ đã được gộp vào hồ sơ khác. Hãy tìm người này rồi mở hồ sơ đó.",
            field="person",
        )
    if case and case.stay and is_open(case):
        stay = case.stay
        raise AlreadyInQuarantine(
            f"Trùng giấy tờ với một hồ sơ đang cách ly từ {stay.starts_on:%d/%m/%Y} đến "
            f"{stay.ends_on:%d/%m/%Y}. Hãy mở hồ sơ đó để gia hạn hoặc kết thúc, không lập thêm.",
            field="person",
        )
    if case and case.infection.is_under_care:
        raise AlreadyF0(
            "Người này đã được khai là F0 và đang được theo dõi; không ra quyết định cách ly F1. "
            "Nếu khai F0 nhầm, hãy đóng hồ sơ F0 với lý do khai nhầm.",
            field="person",
        )
    if command.twins and not command.is_confirmed_new:
        twin = command.twins[0]
        raise PossibleDuplicate(
            f"Trùng {_listed(twin.equal)} với một hồ sơ đang cách ly từ {twin.starts_on:%d/%m/%Y} đến "
            f"{twin.ends_on:%d/%m/%Y}. Nếu là một người, hãy mở hồ sơ đó; nếu là hai người khác nhau, "
            "hãy xác nhận rồi gửi lại.",
            field="person",
        )


def _listed(words: tuple[str, ...]) -> str:
    return " và ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _start(command: OrderQuarantine, today: date) -> date:
    starts_on = command.starts_on or today
    if command.last_exposure_on > today:
        raise DateImpossible("Ngày tiếp xúc cuối ở tương lai. Hãy xem lại.", field="last_exposure_on")
    if starts_on > today or starts_on < today - OLDEST_START:
        raise DateImpossible(
            "Ngày bắt đầu cách ly phải là hôm nay hoặc trong 30 ngày qua.", field="starts_on"
        )
    if starts_on < command.last_exposure_on:
        raise DateImpossible(
            "Ngày bắt đầu cách ly trước ngày tiếp xúc cuối. Hãy xem lại hai ngày này.", field="starts_on"
        )
    return starts_on


def _stay(command: OrderQuarantine, plan: Plan, starts_on: date, first_duty: date, now: datetime) -> Stay:
    return Stay(
        category=command.category,
        place=command.place,
        last_exposure_on=command.last_exposure_on,
        starts_on=starts_on,
        ends_on=plan.ends_on,
        protocol=plan.regime.code,
        test_days=plan.test_days,
        ordered_at=now,
        ordered_by=command.by.subject,
        duty=Duty(next_on=first_duty),
        paper=command.paper,
        index_person_id=command.index_person_id,
        basis=Basis(command.origin, command.immunity),
        source=command.source,
    )


def extend(
    case: Case | None, command: ExtendQuarantine, rules: QuarantineRules, now: datetime
) -> tuple[Case, QuarantineExtended]:
    """Gia hạn or shorten: only an open stay, only with a reason, never before today nor before its start."""
    found, person, stay = open_stay(case, command.by)
    if not command.note:
        raise ReasonMissing("Hãy ghi lý do thay đổi ngày kết thúc; người dân sẽ đọc được.", field="note")
    today, to = local_day(now), command.to_ends_on
    if to == stay.ends_on:
        raise EndNotMoved("Ngày kết thúc mới trùng ngày cũ. Hãy chọn ngày khác.", field="to_ends_on")
    if to < max(today, stay.starts_on) or to > stay.starts_on + LONGEST_STAY:
        raise EndNotMoved(
            "Ngày kết thúc mới phải từ hôm nay trở đi và không quá 60 ngày kể từ ngày bắt đầu.",
            field="to_ends_on",
        )
    moved = replace(
        stay,
        ends_on=to,
        duty=resumed(stay, now, rules),
        note=command.note,
        test_days=tests_until(stay, to, rules),
        moved_because=command.reason,
        before_home=None,
    )
    fact = QuarantineExtended(found.person_id, person.area, stay.ends_on, to, command.reason, stay.protocol)
    return replace(found, stay=moved), fact


def tests_until(stay: Stay, ends_on: date, rules: QuarantineRules) -> tuple[int, ...]:
    """
    Return the test days of *stay* when it lasts until *ends_on*.

    Those after it fall away; those of the protocol that an earlier shortening took away come back.
    """
    was, last = (stay.ends_on - stay.starts_on).days, (ends_on - stay.starts_on).days
    kept = {day for day in stay.test_days if day <= last}
    found = rules.find(stay.protocol)
    planned = planned_tests(found[1], stay.last_exposure_on, stay.starts_on) if found else ()
    return tuple(sorted(kept | {day for day in planned if was < day <= last}))


def release(case: Case | None, command: ReleaseFromQuarantine, rules: QuarantineRules, now: datetime) -> Case:
    """Kết thúc cách ly: completed when days (and tests, if asked) are done; else with a reason."""
    found, person, stay = open_stay(case, command.by)
    today = local_day(now)
    if command.outcome is Outcome.BECAME_F0:
        raise ReasonMissing(
            "Chuyển thành F0 do việc khai F0 ghi nhận. Hãy khai F0 cho người này.", field="outcome"
        )
    if command.outcome is Outcome.COMPLETED:
        _refuse_early(stay, rules, today)
        _refuse_untested(stay, person.area, command, rules)
    elif not command.note:
        raise ReasonMissing("Hãy ghi lý do kết thúc trước hạn.", field="reason")
    ended = Ending(command.outcome, now, today, command.by.subject)
    return replace(found, stay=replace(stay, ending=ended, note=command.note or stay.note))


def release_from(stay: Stay, rules: QuarantineRules) -> date:
    """Return the first day on which *stay* may be completed."""
    is_after = rules.supervision(stay.ends_on).release_from is ReleaseFrom.DAY_AFTER
    return stay.ends_on + timedelta(days=1) if is_after else stay.ends_on


def _refuse_early(stay: Stay, rules: QuarantineRules, today: date) -> None:
    earliest = release_from(stay, rules)
    if today < earliest:
        raise ReleaseTooEarly(
            f"Chưa đủ ngày: có thể kết thúc từ {earliest:%d/%m/%Y}. "
            "Nếu cần kết thúc sớm, hãy rút ngắn kèm lý do hoặc chọn lý do kết thúc khác."
        )


def _refuse_untested(stay: Stay, area: Area, command: ReleaseFromQuarantine, rules: QuarantineRules) -> None:
    """Where the protocol asks for tests before release, each must be negative; a superior may waive them."""
    found, owed = rules.find(stay.protocol), missing(stay)
    if not found or not found[1].needs_tests_to_release or not owed:
        return
    days = ", ".join(f"{day:%d/%m/%Y}" for day in owed)
    if not command.waives_tests:
        raise ReleaseNeedsTests(
            f"{found[1].label} cần đủ {len(stay.test_days)} lần xét nghiệm âm tính trước khi kết thúc; "
            f"còn thiếu lần ngày {days}. Hãy ghi kết quả, hoặc nhờ cấp huyện cho phép kết thúc kèm lý do."
        )
    if not may_waive_tests(command.by, area):
        raise WaiverNotYours("Chỉ cán bộ cấp huyện, tỉnh được cho kết thúc khi còn thiếu xét nghiệm.")
    if not command.note:
        raise ReasonMissing("Hãy ghi vì sao cho kết thúc khi còn thiếu xét nghiệm.", field="reason")


def open_stay(case: Case | None, by: Actor) -> tuple[Case, Person, Stay]:
    """Return the parts of a file with an open stay that *by* may change; a refusal otherwise."""
    if case is None or case.person is None or case.stay is None:
        raise CaseNotFound(
            "Không có hồ sơ cách ly của người này. Hãy tìm lại bằng tên, CCCD hoặc điện thoại."
        )
    by.require(case.person.area)
    ended = ending(case)
    if ended is not None:
        raise NotInQuarantine(
            f"Đợt cách ly này đã kết thúc ngày {ended.on:%d/%m/%Y}. "
            "Nếu cần cách ly lại, hãy ra quyết định mới."
        )
    return case, case.person, case.stay


def outline(case: Case) -> dict[str, Any]:
    """Return what the caller is told at once, as JSON values; a repeated request gets the same again."""
    stay, ended = case.stay, ending(case)
    if stay is None:
        return {}
    return {
        "person_id": case.person_id,
        "status": "ended" if ended else "open",
        "outcome": ended.outcome.value if ended else None,
        "ended_on": ended.on.isoformat() if ended else None,
        "starts_on": stay.starts_on.isoformat(),
        "ends_on": stay.ends_on.isoformat(),
        "protocol": stay.protocol,
        "test_days": list(stay.test_days),
    }
