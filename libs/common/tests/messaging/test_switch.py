"""A topic is read once for two kinds of aggregates."""

import asyncio
from dataclasses import dataclass

import pytest

from common.messaging.switch import Switch
from common.work.model import Cause, Errand, Outcome, Result


@dataclass(frozen=True)
class Judge:
    aggregate_id: str


@dataclass(frozen=True)
class File:
    aggregate_id: str


class Told:
    """A door that answers who it was and what it was given."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.batches: list[list[str]] = []

    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        self.batches.append([errand.command.aggregate_id for errand in errands])
        return [Result(Outcome.APPLIED, {self.name: errand.command.aggregate_id}) for errand in errands]


class Slow(Told):
    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        await asyncio.sleep(0.01)
        return await super().run_batch(errands)


class Away:
    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        raise ConnectionError(f"{len(errands)} errands have to wait")


def errands(*commands: Judge | File) -> list[Errand]:
    return [Errand(command, Cause(str(number))) for number, command in enumerate(commands)]


async def test_each_kind_goes_to_its_door_and_the_results_come_back_in_order():
    usual, files = Told("usual"), Told("files")

    results = await Switch(usual, {File: files}).run_batch(
        errands(Judge("a"), File("b"), Judge("c"), Judge("d"), File("e"))
    )

    assert usual.batches == [["a", "c", "d"]]
    assert files.batches == [["b", "e"]]
    assert [result.answer for result in results] == [
        {"usual": "a"},
        {"files": "b"},
        {"usual": "c"},
        {"usual": "d"},
        {"files": "e"},
    ]


async def test_a_door_without_commands_is_left_alone():
    usual, files = Told("usual"), Told("files")

    assert await Switch(usual, {File: files}).run_batch([]) == []
    await Switch(usual, {File: files}).run_batch(errands(Judge("a")))

    assert files.batches == []


async def test_the_batch_comes_again_when_one_door_is_away_and_the_other_has_finished():
    slow = Slow("usual")

    with pytest.raises(ConnectionError):
        await Switch(slow, {File: Away()}).run_batch(errands(Judge("a"), File("b")))

    assert slow.batches == [["a"]]
