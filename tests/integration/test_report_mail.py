"""Reports that leave by themselves: through a real mail server, once per hour and reader, kept in MongoDB."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from common.clocks import FrozenClock
from common.geo import Units, data_folder
from common.mail import Encryption, MailLine, MailServer
from common.workshop import Workshop
from deploy.local.checkout import free_ports
from ioc_aggregation.app import rules_of, tree_of
from ioc_aggregation.ports import Mails, MailState
from ioc_aggregation.store import MemoryTotals, MongoMails
from ioc_aggregation.views.board import Board
from ioc_aggregation.views.reports.desk import ReportDesk
from ioc_aggregation.views.reports.mailing import Plan, ReportMailer

pytestmark = pytest.mark.mongo
SIX = datetime(2022, 1, 9, 23, 0, 5, tzinfo=UTC)
"""Just after six in the morning of the tenth."""
BOSS, CENTRE = "lanh-dao@la-chan.invalid", "truc-ioc@la-chan.invalid"


class Sink:
    """A mail server that keeps what it gets, and refuses readers that are not there yet."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.away: set[str] = set()

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.away:
            return "450 mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append(letter)  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    kept = Sink()
    port = free_ports().smtp
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, port
    controller.stop()


class Mine:
    """A lease that nobody else wants."""

    async def hold(self) -> bool:
        return True


@dataclass
class Folder:
    """As much of a runtime as the rules need."""

    folder: Path = field(default_factory=data_folder)


def mailer(mails: Mails, port: int, clock: FrozenClock) -> ReportMailer:
    tree = tree_of(Units.load())
    board = Board(MemoryTotals(), tree, clock, rules_of(Folder()))  # type: ignore[arg-type]
    desk = ReportDesk(board, Workshop(is_apart=False), clock, 100)
    plan = Plan((time(6), time(16, 30)), "bao-cao@la-chan.invalid", (BOSS, CENTRE), tree.province)
    line = MailLine(MailServer("127.0.0.1", port, Encryption.NONE))
    return ReportMailer(desk, mails, line, plan, Mine(), clock)


@pytest.fixture
async def mails(database: Any) -> Mails:
    store = MongoMails(database)
    await store.ensure_indexes()
    return store


async def test_the_boss_reads_the_whole_day_before_at_six(mails: Mails, sink: tuple[Sink, int]) -> None:
    post, port = sink
    clock = FrozenClock(SIX)
    assert await mailer(mails, port, clock).send_due() == 2
    letter = next(each for each in post.letters if each["To"] == BOSS)
    assert letter["Subject"] == "BÁO CÁO NGÀY 09/01/2022 - Tỉnh Thái Nguyên"
    files = {part.get_filename(): part.get_content() for part in letter.iter_attachments()}
    assert set(files) == {"bao-cao-ngay-19-2022-01-09.pdf", "bao-cao-ngay-19-2022-01-09.xlsx"}
    assert files["bao-cao-ngay-19-2022-01-09.pdf"].startswith(b"%PDF-")


async def test_another_process_sends_nothing_again(mails: Mails, sink: tuple[Sink, int]) -> None:
    post, port = sink
    clock = FrozenClock(SIX)
    await mailer(mails, port, clock).send_due()
    assert await mailer(mails, port, clock).send_due() == 0
    assert len(post.letters) == 2
    assert {mail.state for mail in await mails.newest(10)} == {MailState.SENT}


async def test_who_cannot_be_reached_is_tried_again_and_the_others_are_not_kept_waiting(
    mails: Mails, sink: tuple[Sink, int]
) -> None:
    post, port = sink
    clock = FrozenClock(SIX)
    post.away.add(BOSS)
    sender = mailer(mails, port, clock)
    assert await sender.send_due() == 1
    assert await sender.send_due() == 0, "not at once"
    waiting = next(mail for mail in await mails.newest(10) if mail.recipient == BOSS)
    assert (waiting.state, waiting.attempts, waiting.fault) == ("waiting", 1, "SMTPRecipientsRefused")
    post.away.clear()
    clock.set(datetime(2022, 1, 9, 23, 1, tzinfo=UTC))
    assert await sender.send_due() == 1
    assert [letter["To"] for letter in post.letters] == [CENTRE, BOSS]


async def test_an_old_report_gives_up_and_says_so(mails: Mails, sink: tuple[Sink, int]) -> None:
    post, port = sink
    post.away |= {BOSS, CENTRE}
    clock = FrozenClock(SIX)
    sender = mailer(mails, port, clock)
    for minutes in range(0, 360, 14):
        clock.set(datetime.fromtimestamp(SIX.timestamp() + minutes * 60, UTC))
        await sender.send_due()
        await asyncio.sleep(0)
    states = {mail.recipient: mail.state for mail in await mails.newest(10)}
    assert states == {BOSS: "failed", CENTRE: "failed"}
    assert post.letters == []
