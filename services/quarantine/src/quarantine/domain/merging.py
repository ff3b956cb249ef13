"""
Gộp hồ sơ: what a merge does to each of the two files, and how it is taken back.

Each step is decided on one file alone and may be carried out again: a file remembers the merges that it was
part of, and those that it gave up. Nothing of the file that yields is deleted, so taking back is exact.
"""

from dataclasses import replace
from datetime import datetime

from common.kernel.clock import local_day
from common.kernel.decision import Decision, Fact
from quarantine.domain.duties import first_duty_on, timers
from quarantine.domain.errors import CaseNotFound
from quarantine.domain.facts import QuarantineExtended
from quarantine.domain.joined import FORGONE_KEPT, Absorbed, Joined, MergedInto
from quarantine.domain.joining import (
    AbsorbFile,
    Joining,
    Keeps,
    MergeStep,
    RestoreFile,
    ReturnFile,
    YieldFile,
)
from quarantine.domain.merge_errors import (
    FileMerged,
    MergeNotPossible,
    MergeOutdated,
    MergeWithdrawn,
    UndoNotPossible,
)
from quarantine.domain.model import Case, Duty, Ending, ExtensionReason, Outcome, PastStay, Stay
from quarantine.domain.rules import QuarantineRules
from quarantine.domain.standing import changes, ending, is_open

PAST_KEPT = 5


def decide_step(
    case: Case | None, command: MergeStep, rules: QuarantineRules, now: datetime
) -> Decision[Case]:
    """Decide one step; a step that was carried out already changes nothing."""
    match command:
        case YieldFile():
            after = _yielded(case, command, now)
        case AbsorbFile():
            after = _absorbed(case, command)
        case RestoreFile():
            after = _restored(case, command, rules, now)
        case ReturnFile():
            after = _returned(case, command, rules, now)
        case _:
            raise TypeError(f"not a step of a merge: {type(command).__name__}")
    if after is case:
        return Decision(case)
    return Decision(after, told(case, after, now), timers(after, rules))


def refuse_pair(survivor: Case, other: Case) -> None:
    """Refuse two files that cannot be merged in this direction."""
    if survivor.person_id == other.person_id:
        raise MergeNotPossible("Hãy chọn hai hồ sơ khác nhau.", field="other_id")
    if survivor.person_id.startswith("t") and not other.person_id.startswith("t"):
        raise MergeNotPossible(
            "Hồ sơ có giấy tờ phải là hồ sơ được giữ lại. Hãy đổi hồ sơ giữ lại rồi gộp.", field="survivor_id"
        )
    if has_f0(other):
        raise MergeNotPossible(
            "Hồ sơ bị nhập vào đang là F0 hoặc có kết quả dương tính. Hãy giữ lại hồ sơ đó; nếu cả hai đều "
            "là F0, hãy đóng một hồ sơ F0 với lý do khai nhầm trước.",
            field="other_id",
        )


def has_f0(case: Case) -> bool:
    """Tell whether the file says that the person is an F0, by F0 care or by a test."""
    return case.infection.is_under_care or bool(case.stay and case.stay.positive)


def _known(case: Case | None) -> Case:
    if case is None or case.person is None or case.stay is None:
        raise CaseNotFound("Không có hồ sơ cách ly này trong địa bàn của bạn.")
    return case


def _fresh(case: Case, seen: Case, merge_id: str) -> None:
    """Refuse a file that is not as it was seen; declarations that came meanwhile do not count."""
    if merge_id in case.joined.forgone:
        raise MergeWithdrawn("Lần gộp này đã bị huỷ. Hãy xem lại hai hồ sơ rồi gộp lại nếu cần.")
    if case.joined.into is not None:
        raise FileMerged("Hồ sơ này đã được gộp vào hồ sơ khác. Hãy tìm lại người này.")
    if (case.person, bare(case.stay), case.past) != (seen.person, bare(seen.stay), seen.past):
        raise MergeOutdated("Một trong hai hồ sơ vừa thay đổi. Hãy xem lại bản so sánh rồi gộp.")


def bare(stay: Stay | None) -> Stay | None:
    """Return *stay* without what declarations change in it."""
    return replace(stay, duty=Duty(stay.starts_on)) if stay else None


def _yielded(case: Case | None, command: YieldFile, now: datetime) -> Case:
    found, joining = _known(case), command.joining
    into = found.joined.into
    if into and into.merge_id == joining.merge_id:
        return found
    _fresh(found, joining.other, joining.merge_id)
    refuse_pair(joining.survivor, found)
    mark = MergedInto(joining.merge_id, joining.survivor.person_id, now, local_day(now), command.by.subject)
    return replace(found, joined=replace(found.joined, into=mark))


def _absorbed(case: Case | None, command: AbsorbFile) -> Case:
    found, joining = _known(case), command.joining
    if any(one.merge_id == joining.merge_id for one in found.joined.absorbed):
        return found
    _fresh(found, joining.survivor, joining.merge_id)
    taken = Absorbed(joining.merge_id, joining.other.person_id)
    return replace(
        found,
        person=joining.person,
        stay=stay_after(joining, found),
        past=_past_after(found, joining.other, joining.keeps),
        joined=replace(found.joined, absorbed=(*found.joined.absorbed, taken)),
    )


def stay_after(joining: Joining, survivor: Case) -> Stay | None:
    """Return the stay that goes on in *survivor*; the last declaration under either file counts."""
    mine, other = survivor.stay, joining.other.stay
    if mine is None or other is None:
        return mine
    if joining.keeps is Keeps.SURVIVOR:
        return replace(mine, duty=_heard(mine.duty, other.duty))
    return replace(other, duty=_heard(other.duty, mine.duty), note=joining.note)


def _heard(duty: Duty, also: Duty) -> Duty:
    times = [at for at in (duty.last_reported_at, also.last_reported_at) if at]
    days = [day for day in (duty.last_declared_on, also.last_declared_on) if day]
    is_later = bool(
        also.last_reported_at and (not duty.last_reported_at or also.last_reported_at > duty.last_reported_at)
    )
    return replace(
        duty,
        last_reported_at=max(times, default=None),
        last_declared_on=max(days, default=None),
        has_symptoms=also.has_symptoms if is_later else duty.has_symptoms,
    )


def _past_after(survivor: Case, other: Case, keeps: Keeps) -> tuple[PastStay, ...]:
    """Earlier stays of both, and the one that does not go on if it really was one."""
    left = other if keeps is Keeps.SURVIVOR else survivor
    ended, stay, lines = ending(left), left.stay, [*survivor.past, *other.past]
    if stay and ended and ended.outcome is not Outcome.WRONG_ENTRY:
        lines.append(
            PastStay(
                stay.category,
                stay.place,
                stay.starts_on,
                stay.ends_on,
                stay.protocol,
                ended.outcome,
                ended.on,
            )
        )
    return tuple(sorted(lines, key=lambda line: line.starts_on)[-PAST_KEPT:])


def _restored(case: Case | None, command: RestoreFile, rules: QuarantineRules, now: datetime) -> Case:
    found, joining = _known(case), command.joining
    before, absorbed = joining.survivor, found.joined.absorbed
    if not any(one.merge_id == joining.merge_id for one in absorbed):
        return _forgoing(found, joining.merge_id)
    if command.is_strict:
        _refuse_changed(found, joining)
    stay = before.stay
    if stay and found.stay and joining.keeps is Keeps.SURVIVOR:
        stay = replace(stay, duty=found.stay.duty)
    elif stay:
        stay = replace(stay, duty=_from_now(stay.duty, rules, now))
    kept = tuple(one for one in absorbed if one.merge_id != joining.merge_id)
    restored = replace(found, person=before.person, stay=stay, past=before.past)
    return _forgoing(replace(restored, joined=replace(found.joined, absorbed=kept)), joining.merge_id)


def _refuse_changed(case: Case, joining: Joining) -> None:
    if case.joined.into or case.joined.absorbed[-1].merge_id != joining.merge_id:
        raise UndoNotPossible("Sau đó hồ sơ này còn được gộp lần nữa. Hãy hoàn tác lần gộp sau trước.")
    if bare(case.stay) != bare(stay_after(joining, joining.survivor)):
        raise UndoNotPossible(
            "Sau khi gộp, hồ sơ đã được gia hạn, kết thúc hoặc ghi dương tính nên không tách lại được. "
            "Hãy sửa bằng tay: kết thúc đợt nhập nhầm rồi ra quyết định đúng."
        )


def _returned(case: Case | None, command: ReturnFile, rules: QuarantineRules, now: datetime) -> Case:
    found, merge_id = _known(case), command.joining.merge_id
    into = found.joined.into
    if into is None or into.merge_id != merge_id:
        return _forgoing(found, merge_id)
    stay = found.stay
    free = replace(
        found,
        joined=replace(found.joined, into=None),
        stay=replace(stay, duty=_from_now(stay.duty, rules, now)) if stay else None,
    )
    return _forgoing(free, merge_id)


def _from_now(duty: Duty, rules: QuarantineRules, now: datetime) -> Duty:
    """Nothing was owed under this file while it was merged."""
    day = first_duty_on(duty.next_on, now, rules.supervision(local_day(now)))
    return replace(duty, next_on=max(day, duty.next_on))


def _forgoing(case: Case, merge_id: str) -> Case:
    if merge_id in case.joined.forgone:
        return case
    forgone = (*case.joined.forgone, merge_id)[-FORGONE_KEPT:]
    return replace(case, joined=Joined(case.joined.into, case.joined.absorbed, forgone))


def told(before: Case | None, after: Case, now: datetime) -> tuple[Fact, ...]:
    """
    Tell the difference between two states of a file whose open stay may have become another one.

    Totals are sums by kind of stay and place: a stay of another kind or elsewhere is told as ended by
    mistake and ordered again.
    """
    if before is None or not (is_open(before) and is_open(after)):
        return changes(before, after)
    was, stay, person = before.stay, after.stay, after.person
    if was is None or stay is None or person is None or before.person is None:
        return ()
    if (was.category, was.place, before.person.area) != (stay.category, stay.place, person.area):
        undone = Ending(Outcome.WRONG_ENTRY, now, local_day(now))
        ended = replace(before, stay=replace(was, ending=undone))
        return (*changes(before, ended), *changes(ended, after))
    if (was.ends_on, was.test_days) == (stay.ends_on, stay.test_days):
        return ()
    reason = ExtensionReason.CORRECTION
    extended = QuarantineExtended(
        after.person_id, person.area, was.ends_on, stay.ends_on, reason, stay.protocol, stay.test_days
    )
    return (extended,)
