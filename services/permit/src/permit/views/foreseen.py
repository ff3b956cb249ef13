"""Xem trước thay đổi: what a directive or a policy would do to the permits of the reader's areas."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from common.credential import serial
from common.kernel.areas import Actor
from common.kernel.clock import VIETNAM
from common.service import Runtime
from permit.domain import authority
from permit.domain.directives import AreaDirective, Order
from permit.domain.errors import InvalidPeriod
from permit.domain.model import Permit, Status
from permit.domain.outlook import Effect, Outlook, outlook
from permit.domain.rollouts import Rollout
from permit.domain.rules import Directive, PermitRules
from permit.ports import Rollouts
from permit.rulebook import Rulebook
from permit.views import changes
from permit.views.places import chain
from permit.views.reach import BATCH, Reach
from permit.views.words import hours_of

SAMPLES: Final = 30
FURTHEST: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: which directive where and from when; no directive for the policies of that day."""

    area_code: str
    directive: Directive | None
    at: datetime
    by: Actor


@dataclass(slots=True)
class Count:
    """What was counted so far."""

    communes: dict[str, Counter[Effect]] = field(default_factory=lambda: defaultdict(Counter))
    categories: dict[str, Counter[Effect]] = field(default_factory=lambda: defaultdict(Counter))
    moves: Counter[tuple[str, Effect, str, str, str]] = field(default_factory=Counter)
    samples: list[changes.ForeseenView] = field(default_factory=list)


class Foreseer:
    """Answers what would change."""

    def __init__(self, runtime: Runtime, reach: Reach, rollouts: Rollouts, rulebook: Rulebook) -> None:
        self._runtime = runtime
        self._reach = reach
        self._rollouts = rollouts
        self._rulebook = rulebook

    def question(
        self, area_code: str, directive: Directive | None, at: datetime | None, by: Actor
    ) -> Question:
        """Check what is asked: `UnknownArea`, `OutsideYourArea`, `InvalidPeriod`."""
        now, covers = self._runtime.clock.now(), chain(self._runtime.units, area_code, field="area_code")
        if not by.area_codes & set(covers):
            authority.outside()
        asked = max(at or now, now)
        if asked > now + FURTHEST:
            raise InvalidPeriod("Chỉ xem trước được trong 60 ngày tới.", field="effective_at")
        return Question(area_code, directive, asked, by)

    async def preview(self, question: Question) -> changes.PreviewView:
        """Count what would change by commune, category and rule; others are served between the batches."""
        rules = self._rulebook.rules(self._runtime.clock)
        known, count, after = _with_order(await self._reach.known(), question), Count(), ""
        while True:
            files = await self._reach.files(question.area_code, after)
            for holder in files:
                for permit in holder.permits:
                    if _is_asked_about(permit, question):
                        self._add(count, permit, holder.status_of(permit), known, rules, question.at)
            if len(files) < BATCH:
                return self._view(question, count)
            after = files[-1].person_id
            await asyncio.sleep(0)

    async def rollouts(self) -> changes.RolloutsView:
        """Return planned, running and finished changes, the newest first."""
        return changes.RolloutsView(items=[self._rollout(row) for row in await self._rollouts.latest(20)])

    def _add(
        self,
        count: Count,
        permit: Permit,
        status: Status,
        known: Mapping[str, AreaDirective],
        rules: PermitRules,
        at: datetime,
    ) -> None:
        seen = outlook(permit, self._reach.directive(permit, known, at), rules, at)
        count.communes[permit.area.commune_code][seen.effect] += 1
        count.categories[permit.terms.category][seen.effect] += 1
        if seen.effect is Effect.UNCHANGED:
            return
        limits = seen.permit.limits
        why = (limits.policy, limits.rule, limits.reason) if limits else ("", "", "")
        count.moves[(str(status), seen.effect, *why)] += 1
        if len(count.samples) < SAMPLES:
            count.samples.append(self._line(permit, seen))

    def _line(self, permit: Permit, seen: Outlook) -> changes.ForeseenView:
        then = seen.permit
        return changes.ForeseenView(
            permit_id=permit.permit_id,
            number=serial.spaced(permit.permit_id),
            commune_name=self._runtime.units.name_of(permit.area.commune_code),
            category_title=self._title(permit.terms.category),
            effect=seen.effect,
            reason=then.limits.reason if then.limits else "",
            from_hours=hours_of(permit.terms.windows),
            to_hours=hours_of(then.terms.windows),
            from_until=permit.terms.valid_until,
            to_until=then.terms.valid_until,
        )

    def _view(self, question: Question, count: Count) -> changes.PreviewView:
        name_of, totals = self._runtime.units.name_of, sum(count.communes.values(), Counter[Effect]())
        leads = bool(question.by.roles & {authority.LEADER, authority.ADMINISTRATOR})
        communes = sorted(count.communes, key=lambda code: (-_changed(count.communes[code]), code))
        return changes.PreviewView(
            area_code=question.area_code,
            area_name=name_of(question.area_code),
            applies_at=question.at,
            directive=question.directive,
            text=_text(question.at, totals),
            counts=changes.EffectsView(**_named(totals)),
            communes=[
                changes.PlaceEffectsView(code=code, name=name_of(code), **_named(count.communes[code]))
                for code in communes
            ],
            categories=[_place(code, self._title(code), n) for code, n in sorted(count.categories.items())],
            moves=[_move(move, permits) for move, permits in count.moves.most_common()],
            samples=count.samples,
            can_order=leads and question.directive is not None,
            as_of=self._runtime.clock.now(),
        )

    def _title(self, category: str) -> str:
        entry = self._rulebook.numbers.get(category)
        return entry.title if entry else category

    def _rollout(self, rollout: Rollout) -> changes.RolloutView:
        known = {
            name: getattr(rollout, name) for name in changes.RolloutView.model_fields if name != "area_name"
        }
        return changes.RolloutView(**known, area_name=self._runtime.units.name_of(rollout.area_code))


def _with_order(known: Mapping[str, AreaDirective], question: Question) -> Mapping[str, AreaDirective]:
    """Return the orders as they would be if the one asked about were made."""
    if question.directive is None:
        return known
    area = known.get(question.area_code) or AreaDirective(question.area_code)
    order = Order(question.directive, question.at, "", "")
    earlier = tuple(each for each in area.orders if each.effective_at <= question.at)
    return {**known, question.area_code: replace(area, orders=(*earlier, order))}


def _is_asked_about(permit: Permit, question: Question) -> bool:
    is_readable = question.by.covers(permit.area)
    return is_readable and permit.is_open and permit.granted.valid_until > question.at


_MOVE: Final = ("from_status", "effect", "policy", "rule", "reason")


def _place(code: str, name: str, effects: Counter[Effect]) -> changes.PlaceEffectsView:
    return changes.PlaceEffectsView(code=code, name=name, **_named(effects))


def _move(move: tuple[str, Effect, str, str, str], permits: int) -> changes.MoveView:
    return changes.MoveView.model_validate({**dict(zip(_MOVE, move, strict=True)), "permits": permits})


def _changed(effects: Counter[Effect]) -> int:
    return effects[Effect.STOPS] + effects[Effect.NARROWS] + effects[Effect.RETURNS]


def _named(effects: Counter[Effect]) -> dict[str, int]:
    return {effect.value: effects[effect] for effect in Effect}


def _text(at: datetime, effects: Counter[Effect]) -> str:
    when, every = f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}", sum(effects.values())
    if not _changed(effects):
        return f"Lúc {when} không giấy nào trong {every} giấy phải đổi."
    return (
        f"Lúc {when}, trong {every} giấy: {effects[Effect.STOPS]} tạm dừng, {effects[Effect.NARROWS]} đổi "
        f"giờ hoặc hạn, {effects[Effect.RETURNS]} dùng lại như trước."
    )
