"""
The checkpoint board for those on duty: kept in memory per process, live to who looks at it.

The counts are read where the watch wrote them; every answer is as new as the store.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from fastapi.responses import StreamingResponse

from common.background import BackgroundTask
from common.geo import Units
from common.http.sse import Broadcast, Message, stream_response
from common.kernel.areas import Actor
from common.service import Runtime
from permit.domain import board
from permit.domain.board import BoardRules, Minute
from permit.domain.checkpoints import Checkpoint
from permit.domain.errors import UnknownCheckpoint
from permit.ports import Checkpoints
from permit.ports.watch import Minutes
from permit.rulebook.watchbook import Watchbook
from permit.views.board_bodies import (
    BoardView,
    CountsView,
    HoursView,
    LaneView,
    PostView,
    WaitView,
)

log = structlog.get_logger(__name__)
KEPT: Final = timedelta(hours=board.HOURS + 1)
EVERY_SECONDS: Final = 1.0
FULL_EVERY: Final = 15
"""Rounds after which all checkpoints are told again: waits and silences change by the clock alone."""


class Board(BackgroundTask):
    """Answers the board and follows the store while somebody looks."""

    def __init__(
        self, runtime: Runtime, checkpoints: Checkpoints, minutes: Minutes, watchbook: Watchbook
    ) -> None:
        self.broadcast = Broadcast("checkpoint-board")
        self._runtime = runtime
        self._checkpoints = checkpoints
        self._store = minutes
        self._watchbook = watchbook
        self._minutes: dict[str, dict[datetime, Minute]] = defaultdict(dict)
        self._posts: dict[str, Checkpoint] = {}
        self._mark: datetime | None = None
        self._lock = asyncio.Lock()

    async def start(self) -> None:
        """Begin to tell readers what changes."""
        self.begin(self._tell(), "checkpoint-board")

    async def view(self, by: Actor) -> BoardView:
        """Return the board of the checkpoints that *by* serves."""
        await self._refresh()
        return BoardView(
            as_of=self._now, formula=_formula(self._rules), items=[self._post(post) for post in self._of(by)]
        )

    async def hours(self, checkpoint_id: str, by: Actor) -> HoursView:
        """Return one checkpoint by hour; `UnknownCheckpoint` for one that *by* does not serve."""
        await self._refresh()
        post = self._posts.get(checkpoint_id)
        if post is None or not by.covers(post.area):
            raise UnknownCheckpoint("Không có chốt này trong địa bàn của bạn. Hãy chọn lại chốt.")
        minutes, now = self._of_post(post), self._now
        start = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=board.HOURS - 1)
        slices = [start + timedelta(hours=hour) for hour in range(board.HOURS)]
        counts = board.sliced(
            minutes, start + timedelta(hours=board.HOURS, minutes=-1), timedelta(hours=1), board.HOURS
        )
        return HoursView(
            post=self._post(post),
            starts=slices,
            hours=[CountsView.of(each) for each in counts],
            reasons=board.by_reason(minutes),
            lanes=_lanes(minutes, now),
        )

    def follow(self, by: Actor, until: float) -> StreamingResponse:
        """Answer with the live board of the checkpoints that *by* serves."""

        async def snapshot() -> Iterable[Message]:
            view = await self.view(by)
            return [Message("board", view.model_dump(mode="json"))]

        mine = by.area_codes
        return stream_response(
            self.broadcast, snapshot, select=lambda message: bool(mine & message.audience), until=until
        )

    @property
    def _now(self) -> datetime:
        return self._runtime.clock.now()

    @property
    def _rules(self) -> BoardRules:
        return self._watchbook.board(self._runtime.clock)

    def _of(self, by: Actor) -> list[Checkpoint]:
        mine = [post for post in self._posts.values() if by.covers(post.area)]
        return sorted(mine, key=lambda post: (post.area.district_code, post.name))

    def _of_post(self, post: Checkpoint) -> list[Minute]:
        kept = self._minutes[post.checkpoint_id]
        return [kept[minute] for minute in sorted(kept)]

    async def _refresh(self) -> set[str]:
        """Read what changed; return the checkpoints concerned."""
        async with self._lock:
            start = self._now - KEPT
            changed, self._mark = await self._store.changed(self._mark, start)
            self._posts = {post.checkpoint_id: post for post in await self._checkpoints.every()}
            touched = set()
            for minute in changed:
                kept = self._minutes[minute.checkpoint_id]
                if kept.get(minute.minute) != minute:
                    kept[minute.minute] = minute
                    touched.add(minute.checkpoint_id)
            for kept in self._minutes.values():
                for old in [minute for minute in kept if minute < start]:
                    del kept[old]
            return touched & self._posts.keys()

    async def _tell(self) -> None:
        rounds = 0
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            if not self.broadcast.readers:
                continue
            rounds += 1
            try:
                touched = await self._refresh()
            except Exception as fault:  # noqa: BLE001 - the store is away: the page shows its own age
                log.warning("board-waiting", error=type(fault).__name__)
                continue
            for post_id in self._posts if rounds % FULL_EVERY == 0 else touched:
                post = self._posts[post_id]
                data = {"as_of": self._now.isoformat(), "item": self._post(post).model_dump(mode="json")}
                self.broadcast.publish(Message("post", data, post.area.codes()))

    def _post(self, post: Checkpoint) -> PostView:
        minutes, now, rules = self._of_post(post), self._now, self._rules
        hour = board.since(minutes, now - timedelta(hours=1))
        quarter = board.since(minutes, now - board.QUARTER)
        last = max((m.last_at for m in minutes if m.last_at), default=None)
        ages = [m.list_age_seconds for m in hour if m.list_age_seconds is not None]
        is_silent = post.is_open and (last is None or now - last > rules.silent_after)
        return PostView(
            **_about(post, self._runtime.units),
            per_minute=round(board.summed(quarter).total / 15, 1),
            before_per_minute=round(_before(minutes, now) / 15, 1),
            hour=CountsView.of(board.summed(hour)),
            quarters=[
                CountsView.of(each) for each in board.sliced(minutes, now, board.QUARTER, board.QUARTERS)
            ],
            reasons=board.by_reason(hour),
            wait=WaitView.of(board.wait(minutes, now, rules)),
            lanes=_lanes(minutes, now),
            list_age_seconds=max(ages, default=None),
            is_list_old=bool(ages) and max(ages) > rules.old_list_after.total_seconds(),
            last_scan_at=last,
            is_silent=is_silent,
        )


def _about(post: Checkpoint, units: Units) -> dict[str, Any]:
    return {
        "checkpoint_id": post.checkpoint_id,
        "name": post.name,
        "commune_code": post.area.commune_code,
        "commune_name": units.name_of(post.area.commune_code),
        "district_code": post.area.district_code,
        "district_name": units.name_of(post.area.district_code),
        "is_open": post.is_open,
    }


def _before(minutes: list[Minute], now: datetime) -> int:
    end = now - board.QUARTER
    return board.summed(m for m in minutes if end - board.QUARTER <= m.minute < end).total


def _lanes(minutes: list[Minute], now: datetime) -> list[LaneView]:
    """Return the lanes of the last hour, the busiest first, by number: who stands there stays out of it."""
    hour = board.since(minutes, now - timedelta(hours=1))
    quarter = board.since(hour, now - board.QUARTER)
    totals: dict[str, int] = defaultdict(int)
    for each in hour:
        for lane, count in each.lanes.items():
            totals[lane] += count
    recent = {lane: sum(each.lanes.get(lane, 0) for each in quarter) for lane in totals}
    order = sorted(totals, key=lambda lane: (-totals[lane], lane))
    return [
        LaneView(lane=str(n + 1), hour=totals[lane], quarter=recent[lane]) for n, lane in enumerate(order)
    ]


def _formula(rules: BoardRules) -> str:
    return (
        "Chờ ≈ s·r^(√(2(c+1))−1) / (c·(1−r)). c: số làn có quét trong 15 phút; s: số giây mỗi lượt ở những "
        f"lúc làn đông nhất (5 phút một) của {rules.look_back // timedelta(hours=1)} giờ qua, từ "
        f"{rules.quickest_seconds:g} đến {rules.handling_seconds:g} giây; r = lượt mỗi phút × s / (60·c). "
        f"Từ r = {rules.full:.0%} các làn kín: lượt quét không cho biết đuôi hàng dài bao nhiêu, nên số hiện "
        "ra là ít nhất."
    )
