"""Live streams: snapshot first, then changes, for those who may see them, until it is time to go."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from common.health import Readiness
from common.http import sse
from common.http.sse import (
    Broadcast,
    Message,
    TooManyReaders,
    encoded,
    everything,
    for_codes,
    stream_response,
)


async def _snapshot() -> list[Message]:
    return [Message("snapshot", {"total": 1})]


async def _take(stream: AsyncIterator[bytes], count: int) -> list[bytes]:
    return [await asyncio.wait_for(anext(stream), 1) for _ in range(count)]


async def test_a_reader_gets_the_snapshot_and_then_every_change() -> None:
    broadcast = Broadcast("test")
    stream = broadcast.stream(_snapshot, everything)
    assert await _take(stream, 2) == [b"retry: 2000\n\n", b'event: snapshot\ndata: {"total":1}\n\n']
    broadcast.publish(Message("delta", {"tên": "dòng\n2"}))
    [delta] = await _take(stream, 1)
    assert delta == 'id: 1\nevent: delta\ndata: {"tên":"dòng\\n2"}\n\n'.encode()


async def test_a_change_while_the_snapshot_is_read_is_not_lost() -> None:
    broadcast = Broadcast("test")

    async def slow() -> list[Message]:
        broadcast.publish(Message("delta", 2))
        return [Message("snapshot", 1)]

    chunks = await _take(broadcast.stream(slow, everything), 3)
    assert chunks[1:] == [encoded(Message("snapshot", 1)), encoded(Message("delta", 2), 1)]


async def test_a_reader_sees_only_what_is_meant_for_them() -> None:
    broadcast = Broadcast("test")
    stream = broadcast.stream(_snapshot, for_codes({"164"}))
    await _take(stream, 2)
    broadcast.publish(Message("delta", "theirs", frozenset({"165"})))
    broadcast.publish(Message("delta", "mine", frozenset({"164", "19"})))
    assert b"mine" in (await _take(stream, 1))[0]


async def test_a_slow_reader_is_sent_away_and_never_holds_up_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sse, "QUEUE_MAX", 3)
    broadcast = Broadcast("test")
    slow, quick = (broadcast.stream(_snapshot, everything) for _ in range(2))
    await _take(slow, 2)
    await _take(quick, 2)
    for number in range(10):
        broadcast.publish(Message("delta", number))
        await _take(quick, 1)
    with pytest.raises(StopAsyncIteration):
        await _take(slow, 10)


async def test_a_quiet_stream_says_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "PING_SECONDS", 0.01)
    stream = Broadcast("test").stream(_snapshot, everything)
    assert (await _take(stream, 3))[2] == b": ping\n\n"


async def test_a_stream_ends_with_the_token_and_with_the_process() -> None:
    broadcast = Broadcast("test")
    expiring = broadcast.stream(_snapshot, everything, until=time.time() + 0.05)
    open_ended = broadcast.stream(_snapshot, everything)
    await _take(open_ended, 2)
    assert len([chunk async for chunk in expiring if not chunk.startswith(b":")]) == 2
    broadcast.close()
    with pytest.raises(StopAsyncIteration):
        await _take(open_ended, 1)
    late = broadcast.stream(_snapshot, everything)
    assert len([chunk async for chunk in late]) == 2
    assert broadcast.readers == 0


async def test_a_full_process_refuses_before_the_first_byte() -> None:
    broadcast = Broadcast("test", clients_max=0)
    with pytest.raises(TooManyReaders):
        stream_response(broadcast, _snapshot)


async def test_readiness_tells_what_is_away_what_is_slow_and_what_is_merely_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("common.health.LONGEST_SECONDS", 0.01)
    readiness = Readiness()

    async def away() -> None:
        raise ConnectionError("mongodb://user:secret@host")

    async def good() -> bool:
        return True

    readiness.add("mongo", away)
    readiness.add("slow", lambda: asyncio.sleep(1))
    readiness.add("good", good)
    readiness.add("extra", away, is_required=False)
    found = {finding.name: (finding.fault, finding.is_ready) for finding in await readiness.findings()}
    assert found == {
        "mongo": ("ConnectionError", False),
        "slow": ("no answer in time", False),
        "good": ("", True),
        "extra": ("ConnectionError", True),
    }
