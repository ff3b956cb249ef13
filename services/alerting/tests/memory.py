"""The store of the service in memory: the same answers as MongoDB, for tests without a server."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime, timedelta

from alerting.domain.answers import Answer
from alerting.domain.channels import Line
from alerting.domain.handling import may_handle
from alerting.domain.model import Alert, Condition, DeliveryState, Kind, Resolution, Severity
from alerting.domain.notices import Notice
from alerting.domain.recipients import Recipient
from alerting.domain.sending import next_try
from alerting.domain.storms import Count
from alerting.parts.calling import CallingStores
from alerting.ports import ChannelHealth, Today
from alerting.store.people import marks_of
from common.kernel.areas import Actor
from common.work.memory import MemoryRecords, MemoryStore
from common.work.model import Change


class MemoryConditions(MemoryStore[Condition]):
    def __init__(self) -> None:
        super().__init__()
        self._saved: asyncio.Queue[Condition] = asyncio.Queue()

    async def save(self, changes: list[Change[Condition]]) -> set[str]:
        losers = await super().save(changes)
        for change in changes:
            if change.aggregate_id not in losers:
                self._saved.put_nowait(change.stored.state)
        return losers

    async def find(self, alert_id: str) -> Condition | None:
        return next((c for c, alert in self._alerts() if alert.alert_id == alert_id), None)

    async def find_many(self, alert_ids: list[str]) -> list[Condition]:
        return [c for c, alert in self._alerts() if alert.alert_id in alert_ids]

    async def gone_through(self, area_codes: frozenset[str], since: datetime, limit: int) -> list[Condition]:
        states = [stored.state for stored in self.aggregates.values()]
        turned = [(c.course[-1].last or c.course[-1].at, c) for c in states if c.course]
        found = [(at, c) for at, c in turned if at >= since and c.area.codes() & area_codes]
        return [c for _, c in sorted(found, key=lambda pair: pair[0], reverse=True)][:limit]

    async def counts_for(self, actor: Actor, width: timedelta, now: datetime) -> list[Count]:
        found: dict[tuple[str, str, datetime], list[Alert]] = {}
        kinds: dict[tuple[str, str, datetime], Condition] = {}
        for c, a in self._seen(actor):
            if a.is_open:
                step = datetime.fromtimestamp(
                    a.called_at.timestamp() // width.total_seconds() * width.total_seconds(), UTC
                )
                place = (c.kind, c.area.commune_code, step)
                found.setdefault(place, []).append(a)
                kinds[place] = c
        return [_counted(kinds[place], place[2], alerts, now) for place, alerts in found.items()]

    async def of_kind(self, kind: Kind) -> list[Condition]:
        return [c for c, _ in self._alerts() if c.kind is kind]

    async def open_for(self, actor: Actor, limit: int) -> list[Condition]:
        found = [(c, a) for c, a in self._seen(actor) if a.is_open]
        found.sort(key=lambda pair: (-pair[1].severity.rank, pair[1].step_at))
        return [c for c, _ in found][:limit]

    async def count_open_for(self, actor: Actor) -> dict[Severity, int]:
        return dict(Counter(a.severity for _, a in self._seen(actor) if a.is_open))

    async def page_for(
        self, actor: Actor, *, is_open: bool, after: tuple[datetime, str] | None, limit: int
    ) -> list[Condition]:
        found = [(c, a) for c, a in self._seen(actor) if a.is_open == is_open]
        found.sort(key=lambda pair: (pair[1].called_at, pair[1].alert_id), reverse=True)
        return [c for c, a in found if after is None or (a.called_at, a.alert_id) < after][:limit]

    async def today_for(self, actor: Actor, since: datetime) -> Today:
        found = [a for _, a in self._seen(actor) if a.called_at >= since]
        taken = [a.taken.at - a.called_at for a in found if a.taken]
        return Today(
            raised=len(found),
            taken=len(taken),
            taken_in_target=sum(t <= timedelta(minutes=5) for t in taken),
            climbed=sum(a.step > 0 for a in found),
            false_alarms=sum(
                a.ended is not None and a.ended.resolution is Resolution.FALSE_ALARM for a in found
            ),
        )

    async def changes(self) -> AsyncIterator[Condition | None]:
        yield None
        while True:
            yield await self._saved.get()

    async def waiting(self, now: datetime, limit: int) -> list[Condition]:
        due = [(at, c) for c, a in self._alerts() if (at := next_try(a)) and at <= now]
        return [c for _, c in sorted(due, key=lambda pair: pair[0])][:limit]

    async def health(self, channel: str, now: datetime) -> ChannelHealth:
        mine = [d for _, a in self._alerts() for d in a.deliveries if d.channel == channel]
        sent = [d.settled_at for d in mine if d.state is DeliveryState.SENT and d.settled_at]
        return ChannelHealth(
            channel,
            overdue=sum(bool(d.try_at and d.try_at <= now - timedelta(minutes=2)) for d in mine),
            failed_last_hour=sum(d.state is DeliveryState.FAILED for d in mine),
            last_sent_at=max(sent, default=None),
        )

    def _alerts(self) -> list[tuple[Condition, Alert]]:
        states = [stored.state for stored in self.aggregates.values()]
        return [(c, c.alert) for c in states if c.alert]

    def _seen(self, actor: Actor) -> list[tuple[Condition, Alert]]:
        return [(c, a) for c, a in self._alerts() if may_handle(c, a, actor)]


class MemoryRecipients(MemoryStore[Recipient]):
    async def holders(self, roles_at: Collection[str], subject: str | None) -> list[Recipient]:
        everybody = [stored.state for stored in self.aggregates.values()]
        if subject:
            return [person for person in everybody if person.subject == subject]
        return [person for person in everybody if set(marks_of(person)) & set(roles_at)]

    async def within(self, codes: Collection[str]) -> list[Recipient]:
        everybody = [stored.state for stored in self.aggregates.values()]
        found = [person for person in everybody if set(person.areas) & set(codes)]
        return sorted(found, key=lambda person: person.subject)


class MemoryNotices(MemoryStore[Notice]):
    async def waiting(self, now: datetime, limit: int) -> list[Notice]:
        due = [n for n in self.all() if n.try_at and n.try_at <= now]
        return sorted(due, key=lambda notice: notice.try_at or now)[:limit]

    async def of_alert(self, alert_id: str) -> list[Notice]:
        found = [notice for notice in self.all() if notice.alert_id == alert_id]
        return sorted(found, key=lambda notice: (notice.step, notice.subject))

    def all(self) -> list[Notice]:
        return [stored.state for stored in self.aggregates.values()]


class MemoryLines(MemoryStore[Line]):
    async def all(self) -> list[Line]:
        return sorted((stored.state for stored in self.aggregates.values()), key=lambda line: line.channel)


def calling_stores() -> CallingStores:
    return CallingStores(MemoryRecipients(), MemoryNotices(), MemoryLines())


class MemoryAnswers(MemoryRecords[Answer]):
    async def seconds_by_commune(
        self, area_codes: frozenset[str], since: datetime, until: datetime
    ) -> dict[str, list[float]]:
        found: dict[str, list[float]] = {}
        for row in self.rows.values():
            codes = {row.commune_code, row.district_code, row.province_code}
            if since <= row.at < until and codes & area_codes:
                found.setdefault(row.commune_code, []).append(row.seconds)
        return found


def _counted(condition: Condition, since: datetime, alerts: list[Alert], now: datetime) -> Count:
    waiting = [a for a in alerts if not a.taken and a.step_at <= now]
    return Count(
        kind=condition.kind,
        commune_code=condition.area.commune_code,
        district_code=condition.area.district_code,
        since=since,
        alerts=len(alerts),
        waiting=len(waiting),
        worst=max((a.severity for a in alerts), key=lambda severity: severity.rank),
        oldest_at=min(a.called_at for a in alerts),
        unanswered_at=min((a.asked_at for a in waiting), default=None),
    )
