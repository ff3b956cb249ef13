"""E-mail to a real SMTP server: what arrives, what is tried again, and what is given up."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from alerting.channels.email import EmailChannel
from alerting.channels.unit import Addresses, UnitBox
from alerting.domain.decide import decide
from alerting.domain.model import Alert, Condition
from alerting.ports import Undelivered
from alerting.rulebook import load_rulebook
from common.geo import Units, data_folder
from common.mail import Encryption, MailServer
from deploy.local.checkout import free_ports
from services.alerting.tests.stories import NOON, PERSON, risk


@dataclass
class Sink:
    """A mail server that keeps what it takes and answers as it is told."""

    port: int
    answers: list[str] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)
    connections: list[Any] = field(default_factory=list)

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections.append(server)
        return responses

    def hang_up(self) -> None:
        """End every connection, as a server does that is restarted."""
        for connection in self.connections:
            connection.loop.call_soon_threadsafe(connection.transport.abort)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            letter = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        return answer

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink(free_ports().smtp)
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    yield sink
    controller.stop()


def channel(port: int, to: str = "{recipient}@so-y-te.invalid") -> UnitBox:
    server = MailServer("127.0.0.1", port, Encryption.NONE)
    addresses = Addresses(to, "https://inbox.invalid/inbox")
    return UnitBox(EmailChannel(server, "canh-bao@la-chan.invalid"), addresses, Units.load())


@pytest.fixture
def raised() -> tuple[Condition, Alert]:
    rules = load_rulebook(data_folder() / "rules" / "alerting").at(NOON).rules
    condition = decide(None, risk("very_high", 1, carer_id="doctor-164"), rules, NOON).state
    assert condition is not None
    assert condition.alert is not None
    return condition, condition.alert


async def test_the_doctor_gets_a_letter_in_vietnamese_without_a_name(
    sink: Sink, raised: tuple[Condition, Alert]
) -> None:
    condition, alert = raised
    post = channel(sink.port)
    for _ in range(2):
        await post.call(condition, alert, alert.deliveries[0])
    post.rest()
    letter, again = sink.letters
    assert letter["To"] == "doctor-164@so-y-te.invalid"
    assert "KHẨN CẤP" in letter["Subject"]
    body = letter.get_content()
    assert "Tôi nhận" in body
    assert f"https://inbox.invalid/inbox?alert={alert.alert_id}" in body
    assert PERSON not in body
    assert letter["Message-ID"] == again["Message-ID"]


async def test_a_wave_of_letters_goes_over_one_connection(
    sink: Sink, raised: tuple[Condition, Alert]
) -> None:
    condition, alert = raised
    post = channel(sink.port)
    for _ in range(5):
        await post.call(condition, alert, alert.deliveries[0])
    post.rest()
    assert len(sink.letters) == 5
    assert len(sink.connections) == 1


async def test_a_server_that_hung_up_in_the_meantime_gets_the_letter(
    sink: Sink, raised: tuple[Condition, Alert]
) -> None:
    condition, alert = raised
    post = channel(sink.port)
    await post.call(condition, alert, alert.deliveries[0])
    sink.hang_up()
    await post.call(condition, alert, alert.deliveries[0])
    post.rest()
    assert len(sink.letters) == 2
    assert len(sink.connections) == 2


@pytest.mark.parametrize(
    ("answer", "is_final"), [("451 try later", False), ("421 closing", False), ("554 refused", True)]
)
async def test_a_refusal_says_whether_a_retry_can_help(
    sink: Sink, raised: tuple[Condition, Alert], answer: str, is_final: bool
) -> None:
    sink.answers = [answer]
    with pytest.raises(Undelivered) as caught:
        await channel(sink.port).call(*raised, raised[1].deliveries[0])
    assert caught.value.is_final == is_final
    assert answer[:3] in caught.value.fault


async def test_an_unknown_box_is_given_up_without_naming_it(
    sink: Sink, raised: tuple[Condition, Alert]
) -> None:
    with pytest.raises(Undelivered) as caught:
        await channel(sink.port, "nobody+{recipient}@x.invalid").call(*raised, raised[1].deliveries[0])
    assert caught.value.is_final
    assert "nobody" not in caught.value.fault


async def test_a_server_that_is_away_is_tried_again(raised: tuple[Condition, Alert]) -> None:
    with pytest.raises(Undelivered) as caught:
        await channel(free_ports().smtp).call(*raised, raised[1].deliveries[0])
    assert not caught.value.is_final
