"""What goes out by e-mail: in Vietnamese, with a place and a link, and without a name or a whole id."""

from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.channels.email import EmailChannel
from alerting.channels.mail_text import written
from alerting.channels.unit import Addresses, UnitBox
from alerting.channels.wording import letter, short_id
from alerting.domain.model import Delivery
from alerting.domain.rules import AlertRules
from common.geo import Units
from common.mail import Encryption, MailServer
from services.alerting.tests.stories import (
    NOON,
    PERSON,
    Story,
    breached,
    contact_missed,
    flagged,
    forged,
    minutes,
    missed,
    risk,
)

ADDRESSES = Addresses("{recipient}@so-y-te.invalid", "https://inbox.invalid/inbox")
CHANNEL = EmailChannel(MailServer("127.0.0.1", 1, Encryption.NONE), "canh-bao@la-chan.invalid")


@pytest.fixture(scope="module")
def units() -> Units:
    return Units.load()


def letter_of(story: Story, units: Units, delivery: Delivery) -> bytes:
    assert story.condition is not None
    box = UnitBox(CHANNEL, ADDRESSES, units)
    return CHANNEL.written(box.written(story.condition, story.alert, delivery))


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (risk("very_high", 1), "F0 chuyển nguy cơ"),
        (missed(2, 1), "F0 không khai báo 2 lần liên tiếp"),
        (contact_missed(3, 1), "Người cách ly không khai báo 3 lần liên tiếp"),
        (breached("scanned", 1), "bị quét tại chốt kiểm soát"),
        (forged(), "nghi giả mạo tại Chốt số 4"),
        (flagged("impossible-travel"), "đi nhanh hơn mọi loại xe (Chốt số 4)"),
    ],
)
def test_every_kind_says_what_and_where(rules: AlertRules, units: Units, note: object, words: str) -> None:
    story = Story(rules)
    story.tell(note)
    assert story.condition is not None
    words_of = letter(story.condition, story.alert, units, "https://inbox.invalid/inbox?alert=x")
    assert words in words_of.subject
    assert units.name_of("05437") in words_of.subject
    assert "12:00 ngày 23/11/2021" in words_of.body
    assert PERSON not in words_of.subject + words_of.body


def test_a_pseudonym_is_shown_in_its_short_form_only() -> None:
    assert short_id("person-0a1b") == "…0a1b"
    assert short_id(None) == ""


def test_the_same_delivery_is_the_same_message(rules: AlertRules, units: Units) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    delivery = story.alert.deliveries[0]
    content = letter_of(story, units, delivery)
    assert content == letter_of(story, units, delivery)
    first = message_from_bytes(content)
    assert first["Message-ID"] == f"<{delivery.delivery_id}@la-chan.invalid>"
    assert first["Auto-Submitted"] == "auto-generated"


def test_the_patients_doctor_is_written_to_and_then_the_offices(rules: AlertRules, units: Units) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1, carer_id="doctor-164"))
    story.wait_until(NOON + minutes(20))
    letters = [letter_of(story, units, delivery) for delivery in story.alert.deliveries]
    assert [message_from_bytes(content)["To"] for content in letters] == [
        "doctor-164@so-y-te.invalid",
        "health-officer-05437@so-y-te.invalid",
        "health-officer-164@so-y-te.invalid",
        "ioc-operator-19@so-y-te.invalid",
    ]


def test_nobody_writes_a_header_of_their_own(rules: AlertRules, units: Units) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1, carer_id="doctor\r\nBcc: all"))
    with pytest.raises(ValueError, match="line break"):
        letter_of(story, units, story.alert.deliveries[0])


PRINTED = st.characters(categories=["L", "M", "N", "P", "S"])


@given(subject=st.text(PRINTED, min_size=1), body=st.text(PRINTED | st.just("\n")))
def test_any_words_arrive_as_they_were_written(subject: str, body: str) -> None:
    content = written({"To": "a@b.invalid", "Subject": subject}, body)
    assert max(map(len, content.split(b"\r\n"))) <= 78 or subject.isascii()
    letter_read = message_from_bytes(content, policy=policy.default)
    assert letter_read["Subject"] == subject
    assert letter_read.get_content() == body
