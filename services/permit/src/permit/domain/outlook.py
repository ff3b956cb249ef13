"""
Thay đổi chỉ thị, quy định: what another policy makes of an issued permit, foreseen and applied alike.

A permit counts under what it was issued by until a change of directive or policy re-evaluates it at that
minute. The policy may stop it or narrow it (hours, end), never widen it; when the policy is gone it is as it
was granted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from common.kernel.clock import local_day
from permit.domain.commands import Reevaluate
from permit.domain.model import MACHINE, Holder, Limits, Outcome, Permit, Window
from permit.domain.rules import DAY_MINUTES, MOST_WINDOWS, CategoryRule, Directive, PermitRules, Policy

_WEEK = 0b1111111


class Effect(StrEnum):
    """What becomes of a permit: nothing, it stops, it counts in narrower terms, it is as it was before."""

    UNCHANGED = "unchanged"
    STOPS = "stops"
    NARROWS = "narrows"
    RETURNS = "returns"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a policy makes of a permit: the permit as it would be, and what that changes."""

    effect: Effect
    permit: Permit


def outlook(permit: Permit, directive: Directive, rules: PermitRules, at: datetime) -> Outlook:
    """
    Return what the policy of *directive* at the instant *at* makes of a permit that was granted.

    Who is barred or held does not enter: that is another reason, and stays one. An application that waits
    for an officer is left to the officer.
    """
    if permit.ruling.outcome is not Outcome.APPROVED or not permit.is_open:
        return Outlook(Effect.UNCHANGED, permit)
    then = _under(permit, rules.policy_on(directive, local_day(at)), at)
    return Outlook(_effect(permit, then), then)


def reevaluated(holder: Holder, command: Reevaluate, rules: PermitRules) -> tuple[Holder, dict[Effect, int]]:
    """Return the file as the outlooks of its permits say, and how many permits that changes in which way."""
    wanted, effects = dict(command.directives), dict.fromkeys(Effect, 0)
    permits = []
    for permit in holder.permits:
        directive = wanted.get(permit.permit_id)
        seen = outlook(permit, Directive(directive), rules, command.at) if directive else None
        permits.append(seen.permit if seen else permit)
        if seen:
            effects[seen.effect] += 1
    effects.pop(Effect.UNCHANGED)
    after = tuple(permits)
    changed = {effect: count for effect, count in effects.items() if count}
    return (holder if after == holder.permits else replace(holder, permits=after)), changed


def _under(permit: Permit, policy: Policy, at: datetime) -> Permit:
    """Return the permit as *policy* lets it count from *at* on."""
    if permit.limits is not None and permit.limits.policy == policy.version:
        return permit
    free = replace(permit, limits=None, terms=permit.granted)
    if policy.version in (permit.ruling.policy, permit.exempt_from):
        return free
    granted, rule = permit.granted, policy.categories.get(permit.terms.category)
    limits = Limits(policy.version, "", "", at, is_stopping=True)
    if rule is None:
        return replace(free, limits=replace(limits, rule="unknown-category", reason=_UNKNOWN))
    if rule.outcome is Outcome.REFUSED:
        return replace(free, limits=replace(limits, rule=f"category:{rule.code}", reason=rule.reason))
    if rule.needs_plate and not granted.plate:
        return replace(free, limits=replace(limits, rule=f"plate:{rule.code}", reason=_NO_PLATE))
    windows = within_hours(granted.windows, rule.hours)
    if windows is None:
        return replace(free, limits=replace(limits, rule=f"hours:{rule.code}", reason=_hours(rule)))
    until, why, reason = _end(permit, rule, at)
    terms = replace(granted, windows=windows, valid_until=until)
    if terms == granted:
        return free
    if not why:
        why, reason = f"hours:{rule.code}", _hours(rule)
    narrowed = replace(limits, rule=why, reason=reason, is_stopping=False, granted=granted)
    return replace(permit, limits=narrowed, terms=terms)


_UNKNOWN = "Quy định đang áp dụng không có nhóm của giấy này. Hãy nộp lại theo nhóm khác."
_NO_PLATE = "Nhóm này nay phải ghi biển số xe. Hãy nộp lại và ghi biển số."


def _end(permit: Permit, rule: CategoryRule, at: datetime) -> tuple[datetime, str, str]:
    """
    Return when a permit ends under *rule*, and by which rule in which words, if that is sooner.

    What the machine granted and a person must look at now counts for as long as the person has to answer a
    new application: nobody is stopped at once for a form that could not be asked for before.
    """
    granted = permit.granted
    latest, why, reason = granted.valid_until, "", ""
    if latest > max(at, granted.valid_from) + timedelta(hours=rule.max_hours):
        latest = max(at, granted.valid_from) + timedelta(hours=rule.max_hours)
        why = f"validity:{rule.code}"
        reason = f"Nhóm này nay được cấp tối đa {rule.max_hours} giờ mỗi lần. Hết hạn mới, hãy xin lại."
    is_left_to_a_person = rule.outcome is Outcome.QUEUED and permit.ruling.by == MACHINE
    review = at + timedelta(hours=rule.answer_hours)
    if is_left_to_a_person and latest > review:
        latest, why = review, f"review:{rule.code}"
        reason = "Nhóm này nay cần người xét duyệt. Giấy còn dùng được đến hạn mới; hãy nộp lại ngay."
    return latest, why, reason


def within_hours(windows: tuple[Window, ...], hours: tuple[int, int]) -> tuple[Window, ...] | None:
    """Return *windows* (none: any hour) cut to the *hours* of a day; None if nothing is left of them."""
    if hours == (0, DAY_MINUTES):
        return windows
    if not windows:
        return (Window(_WEEK, *hours),)
    cut = tuple(part for window in windows for part in _cut(window, hours))
    return cut[:MOST_WINDOWS] or None


def _cut(window: Window, hours: tuple[int, int]) -> Iterator[Window]:
    end = window.from_minute + ((window.to_minute - window.from_minute) % DAY_MINUTES or DAY_MINUTES)
    length = (hours[1] - hours[0]) % DAY_MINUTES or DAY_MINUTES
    for day in (-1, 0, 1):  # hours that began the day before, on the day, and on the day after
        start = max(window.from_minute, day * DAY_MINUTES + hours[0])
        stop = min(end, day * DAY_MINUTES + hours[0] + length)
        if start < stop:
            turned = start // DAY_MINUTES
            mask = (window.weekdays << turned | window.weekdays >> 7 - turned) & _WEEK
            to_minute = stop - turned * DAY_MINUTES
            yield Window(
                mask, start % DAY_MINUTES, to_minute if to_minute <= DAY_MINUTES else to_minute % DAY_MINUTES
            )


def _effect(now: Permit, then: Permit) -> Effect:
    if (now.limits, now.terms) == (then.limits, then.terms):
        return Effect.UNCHANGED
    stopped, stops = _is_stopped(now), _is_stopped(then)
    if stops or then.limits is None:
        # Another policy may stop or free it for another reason; only what its holder notices is a change.
        return Effect.UNCHANGED if stops and stopped else Effect.STOPS if stops else Effect.RETURNS
    return Effect.RETURNS if stopped else Effect.NARROWS


def _is_stopped(permit: Permit) -> bool:
    return permit.limits is not None and permit.limits.is_stopping


def _hours(rule: CategoryRule) -> str:
    start, end = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in rule.hours)
    return f"Nhóm này nay chỉ được đi từ {start} đến {end}."
