"""Each channel as its other end sees it: signed, encrypted, recognisable when it comes twice."""

import base64
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

import httpx
import pytest

from alerting.channels.hooks import ChatChannel, WebhookChannel, secret_for
from alerting.channels.post import is_allowed
from alerting.channels.push import PushChannel
from alerting.channels.sms import SmsChannel
from alerting.domain.notices import NoticeState
from alerting.ports import Message, Taken, Undelivered
from common.clocks import FrozenClock
from common.service import Mode
from common.signatures import HEADER, is_signed, signature
from common.sms import HttpSmsGateway
from common.testing.push import Browser
from common.testing.sign_in import bearer, client_of
from common.webpush import Sender
from deploy.local.sms_gateway import application
from services.alerting.tests.calls import Town, town
from services.alerting.tests.stories import DOCTOR, NOON, risk

KEY = base64.b64encode(bytes(range(32))).decode()
NUMBER = "+84912345678"
RECEIPTS = "https://alerting.invalid/v1/sms-receipts"


@dataclass
class OtherEnd:
    """Takes what is posted and answers as it is told."""

    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    taken: list[httpx.Request] = field(default_factory=list)
    is_away: bool = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectTimeout("away", request=request)
        self.taken.append(request)
        return httpx.Response(self.answers.pop(0) if self.answers else 201, headers=self.headers)

    @property
    def http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self))


def message(to: dict[str, str], key: str = "push.1") -> Message:
    about = {"alert_id": "a-1", "severity": "critical", "condition": "risk-rising"}
    link = "https://inbox.invalid/inbox?alert=a-1"
    return Message(key, to, "Tiêu đề", "Thư dài", "KHẨN CẤP: Xã Mẫu.", link, NOON, True, about)


async def fault_of(channel: Any, to: dict[str, str]) -> Undelivered:
    with pytest.raises(Undelivered) as caught:
        await channel.send(message(to))
    return caught.value


REFUSALS = [
    (404, True, True),
    (410, True, True),
    (400, True, False),
    (413, True, False),
    (429, False, False),
    (500, False, False),
    (503, False, False),
]


class TestPush:
    @pytest.fixture
    def phone(self) -> Browser:
        return Browser("https://fcm.googleapis.com/fcm/send/abc")

    @staticmethod
    def to(phone: Browser) -> dict[str, str]:
        one = phone.subscription
        return {"endpoint": one.endpoint, "p256dh": one.p256dh, "auth": one.auth}

    @staticmethod
    def channel(end: OtherEnd) -> PushChannel:
        sender = Sender(KEY, "mailto:truc@la-chan.invalid")
        return PushChannel(sender, ("fcm.googleapis.com",), FrozenClock(NOON), end.http)

    async def test_the_browser_reads_two_lines_and_a_link_and_nobody_on_the_way_does(
        self, phone: Browser
    ) -> None:
        end = OtherEnd()
        assert await self.channel(end).send(message(self.to(phone))) == Taken()
        [request] = end.taken
        assert "KHẨN".encode() not in request.content
        said = json.loads(phone.opened(request.content))
        assert said == {
            "title": "Lá Chắn",
            "body": "KHẨN CẤP: Xã Mẫu.",
            "url": "https://inbox.invalid/inbox?alert=a-1",
            "tag": "a-1",
            "urgent": True,
        }
        assert request.headers["content-encoding"] == "aes128gcm"
        assert request.headers["urgency"] == "high"
        assert int(request.headers["ttl"]) == 3600
        assert request.headers["authorization"].startswith("vapid t=")

    async def test_the_same_message_again_replaces_itself(self, phone: Browser) -> None:
        end = OtherEnd()
        for key in ("push.1", "push.1", "push.2"):
            await self.channel(end).send(message(self.to(phone), key))
        first, again, other = (request.headers["topic"] for request in end.taken)
        assert first == again != other
        assert len(first) <= 32

    @pytest.mark.parametrize(("status", "is_final", "is_gone"), REFUSALS)
    async def test_a_refusal_says_what_it_means(
        self, phone: Browser, status: int, is_final: bool, is_gone: bool
    ) -> None:
        fault = await fault_of(self.channel(OtherEnd(answers=[status])), self.to(phone))
        assert (fault.fault, fault.is_final, fault.is_gone) == (f"refused {status}", is_final, is_gone)

    async def test_silence_and_pauses(self, phone: Browser) -> None:
        assert not (await fault_of(self.channel(OtherEnd(is_away=True)), self.to(phone))).is_final
        busy = OtherEnd(answers=[429], headers={"retry-after": "90"})
        assert (await fault_of(self.channel(busy), self.to(phone))).after == timedelta(seconds=90)

    async def test_only_known_push_services_are_spoken_to(self, phone: Browser) -> None:
        end = OtherEnd()
        fault = await fault_of(self.channel(end), self.to(Browser("https://10.0.0.1/internal")))
        assert fault.is_gone
        assert end.taken == []


@pytest.mark.parametrize(
    ("address", "is_good"),
    [
        ("https://hooks.tinh.gov.vn/x", True),
        ("https://a.chat.tinh.gov.vn/x", True),
        ("https://chat.tinh.gov.vn/x", False),
        ("https://evilchat.tinh.gov.vn/x", False),
        ("http://hooks.tinh.gov.vn/x", False),
        ("https://hooks.tinh.gov.vn:8443/x", False),
        ("https://user:pw@hooks.tinh.gov.vn/x", False),
        ("https://hooks.tinh.gov.vn.evil.invalid/x", False),
        ("https://evil.invalid/https://hooks.tinh.gov.vn", False),
        ("http://127.0.0.1:9999/x", False),
        ("https://[::1", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_messages_go_to_listed_hosts_only(address: str, is_good: bool) -> None:
    assert is_allowed(address, ("hooks.tinh.gov.vn", "*.chat.tinh.gov.vn")) is is_good


def test_this_machine_is_reached_without_tls_where_it_is_listed() -> None:
    assert is_allowed("http://127.0.0.1:9999/x", ("127.0.0.1",))


class TestWebhook:
    TO: ClassVar[dict[str, str]] = {"url": "https://hooks.invalid/alerts", "subject": "ioc-1"}

    @staticmethod
    def channel(end: OtherEnd) -> WebhookChannel:
        return WebhookChannel(b"k" * 32, ("hooks.invalid",), FrozenClock(NOON), end.http)

    async def test_the_receiver_can_tell_who_sent_it_and_when(self) -> None:
        end = OtherEnd()
        await self.channel(end).send(message(self.TO, "webhook.1"))
        [request] = end.taken
        signed, now = request.headers[HEADER], NOON.timestamp()
        ours = secret_for(b"k" * 32, "ioc-1", self.TO["url"])
        assert is_signed(ours, request.content, signed, now + 299)
        assert not is_signed(ours, request.content, signed, now + 301), "kept and played again"
        assert not is_signed(ours, request.content + b" ", signed, now)
        assert not is_signed(secret_for(b"k" * 32, "ioc-2", self.TO["url"]), request.content, signed, now)
        said = json.loads(request.content)
        assert said["message_id"] == request.headers["idempotency-key"] == "webhook.1"
        assert (said["alert_id"], said["severity"]) == ("a-1", "critical")
        assert "person_id" not in said

    @pytest.mark.parametrize(("status", "is_final", "is_gone"), REFUSALS)
    async def test_a_refusal_says_what_it_means(self, status: int, is_final: bool, is_gone: bool) -> None:
        fault = await fault_of(self.channel(OtherEnd(answers=[status])), self.TO)
        assert (fault.is_final, fault.is_gone) == (is_final, is_gone)

    async def test_an_answer_that_leads_elsewhere_is_not_followed(self) -> None:
        end = OtherEnd(answers=[302], headers={"location": "http://10.0.0.1/"})
        assert (await fault_of(self.channel(end), self.TO)).is_final
        assert len(end.taken) == 1


async def test_a_chat_room_gets_a_line_and_a_link() -> None:
    end = OtherEnd()
    await ChatChannel(("chat.invalid",), end.http).send(message({"url": "https://chat.invalid/hooks/x"}))
    assert json.loads(end.taken[0].content) == {
        "text": "KHẨN CẤP: Xã Mẫu.\nhttps://inbox.invalid/inbox?alert=a-1"
    }


@pytest.fixture
async def wired() -> AsyncIterator[tuple[Town, httpx.AsyncClient, httpx.AsyncClient]]:
    """The service and the local gateway, each reached over its own HTTP application."""
    gateway = httpx.AsyncClient(
        transport=httpx.ASGITransport(application(KEY, pauses=())), base_url="http://sms.invalid"
    )
    sms = SmsChannel(HttpSmsGateway("http://sms.invalid", "t", client=gateway), RECEIPTS)
    here = town(FrozenClock(NOON), "chat", real={"sms": sms}, sms_receipt_url=RECEIPTS, sms_receipt_key=KEY)
    async with gateway, client_of(here.service.app(Mode.API)) as http:
        yield here, http, gateway


async def registered(http: httpx.AsyncClient, number: str) -> None:
    body = {"contacts": [{"channel": "sms", "address": number}]}
    headers = bearer("doctor", ["164"], subject=DOCTOR.subject)
    reply = await http.put("/v1/recipients/me", json=body, headers=headers)
    assert reply.status_code == 200, reply.text


def signed(body: bytes, at: float) -> dict[str, str]:
    return {"content-type": "application/json", HEADER: signature(base64.b64decode(KEY), body, at)}


async def test_a_text_message_goes_through_the_gateway_once_and_its_receipt_comes_back(wired: Any) -> None:
    here, http, gateway = wired
    await registered(http, "0912 345 678")
    await here.hear(risk("very_high", 1))
    await here.rounds()
    [shown] = (await gateway.get("/v1/messages")).json()
    assert shown["to"] == NUMBER
    assert shown["text"].isascii()
    assert shown["parts"] == 1, shown["text"]
    assert "F0" not in shown["text"]
    assert here.notice.state is NoticeState.SENT
    body = json.dumps(
        {"key": f"sms.{here.notice.notice_id}", "status": "delivered", "at": NOON.isoformat(), "id": "x"}
    ).encode()
    for _ in range(2):
        reply = await http.post("/v1/sms-receipts", content=body, headers=signed(body, time.time()))
        assert reply.json() == {"known": True}
    assert here.notice.state is NoticeState.DELIVERED
    assert [one.outcome for one in here.notice.tries] == ["sent", "delivered"]


async def test_receipts_that_are_not_signed_or_old_or_of_nothing_change_nothing(wired: Any) -> None:
    here, http, _ = wired
    await registered(http, NUMBER)
    await here.hear(risk("very_high", 1))
    await here.rounds()
    body = json.dumps(
        {"key": f"sms.{here.notice.notice_id}", "status": "failed", "at": NOON.isoformat()}
    ).encode()
    old = signed(body, time.time() - 400)
    for headers in ({}, {HEADER: "t=1,v1=x"}, old):
        assert (await http.post("/v1/sms-receipts", content=body, headers=headers)).status_code == 401
    for wrong, status in ((b"{}", 422), (b"[", 422)):
        reply = await http.post("/v1/sms-receipts", content=wrong, headers=signed(wrong, time.time()))
        assert reply.status_code == status
    other = body.replace(here.notice.notice_id.encode(), b"0" * 36)
    reply = await http.post("/v1/sms-receipts", content=other, headers=signed(other, time.time()))
    assert reply.json() == {"known": False}
    assert here.notice.state is NoticeState.SENT


async def test_the_gateway_is_asked_whether_it_works() -> None:
    def channel(end: OtherEnd) -> SmsChannel:
        return SmsChannel(HttpSmsGateway("http://sms.invalid", "t", client=end.http))

    assert await channel(OtherEnd(answers=[200])).probe()
    assert await channel(OtherEnd(answers=[404])).probe(), "a gateway without the address is there"
    for end in (OtherEnd(answers=[502]), OtherEnd(is_away=True)):
        with pytest.raises(Undelivered):
            await channel(end).probe()


class TestPreferences:
    ME = "/v1/recipients/me"
    WHO = bearer("doctor", ["164"], subject=DOCTOR.subject)

    @pytest.fixture
    async def here(self) -> AsyncIterator[tuple[Town, httpx.AsyncClient]]:
        more = {"vapid_key": KEY, "webhook_hosts": "hooks.invalid", "webhook_key": KEY}
        made = town(FrozenClock(NOON), "sms", "email", "push", "webhook", **more)
        async with client_of(made.service.app(Mode.API)) as http:
            yield made, http

    async def put(self, http: httpx.AsyncClient, *contacts: dict[str, Any], **more: Any) -> httpx.Response:
        return await http.put(self.ME, json={"contacts": list(contacts), **more}, headers=self.WHO)

    async def test_what_was_saved_is_shown_in_its_order_and_sealed_at_rest(self, here: Any) -> None:
        made, http = here
        saved = await self.put(
            http,
            {"channel": "webhook", "address": "https://hooks.invalid/a"},
            {"channel": "sms", "address": "0912.345.678", "is_on": False},
            quiet={"start": "22:00", "end": "05:30"},
        )
        assert saved.status_code == 200, saved.text
        again = (await http.get(self.ME, headers=self.WHO)).json()
        assert again == saved.json()
        first, second, *rest = again["contacts"]
        assert (first["channel"], second["address"], second["is_on"]) == ("webhook", NUMBER, False)
        ours = secret_for(base64.b64decode(KEY), DOCTOR.subject, "https://hooks.invalid/a")
        assert base64.b64decode(first["secret"]) == ours
        assert [one["is_on"] for one in rest] == [False] * 3
        assert NUMBER not in repr(made.stores.recipients.aggregates)
        assert again["push_key"]

    @pytest.mark.parametrize(
        ("contact", "slug"),
        [
            ({"channel": "sms", "address": "123"}, "not-a-phone"),
            ({"channel": "sms", "address": "0208 3855 555"}, "not-a-phone"),
            ({"channel": "email", "address": "a@b,c@d"}, "not-an-address"),
            ({"channel": "email", "address": ""}, "not-an-address"),
            ({"channel": "webhook", "address": "http://hooks.invalid/a"}, "not-an-address"),
            ({"channel": "webhook", "address": "https://10.0.0.1/a"}, "not-an-address"),
        ],
    )
    async def test_an_address_that_cannot_work_is_refused_with_what_to_do(
        self, here: Any, contact: dict[str, Any], slug: str
    ) -> None:
        made, http = here
        reply = await self.put(http, contact)
        assert reply.status_code == 422
        assert reply.json()["type"].rpartition(":")[2] == slug
        assert made.stores.recipients.aggregates == {}

    async def test_a_browser_is_added_renewed_and_removed(self, here: Any) -> None:
        made, http = here
        phone = Browser("https://fcm.googleapis.com/fcm/send/abc").subscription
        body = {"endpoint": phone.endpoint, "p256dh": phone.p256dh, "auth": phone.auth, "label": "Chrome"}
        for _ in range(2):
            seen = (await http.post(f"{self.ME}/devices", json=body, headers=self.WHO)).json()
        [device] = seen["devices"]
        assert [one["channel"] for one in seen["contacts"] if one["is_on"]] == ["push"]
        assert "fcm" not in repr(made.stores.recipients.aggregates)
        seen = (await http.delete(f"{self.ME}/devices/{device['device_id']}", headers=self.WHO)).json()
        assert seen["devices"] == []
        wrong = body | {"endpoint": "https://169.254.169.254/latest"}
        assert (await http.post(f"{self.ME}/devices", json=wrong, headers=self.WHO)).status_code == 422

    async def test_a_test_is_sent_once_a_minute_and_a_broken_channel_says_so(self, here: Any) -> None:
        made, http = here
        trial = {"channel": "sms"}
        reply = await http.post(f"{self.ME}/trials", json=trial, headers=self.WHO)
        assert reply.status_code == 404
        await self.put(http, {"channel": "sms", "address": NUMBER})
        for _ in range(2):
            reply = await http.post(f"{self.ME}/trials", json=trial, headers=self.WHO)
            assert reply.status_code == 200
        keys = {one.key for one in made.channels["sms"].sent}
        assert len(keys) == 1, "the gateway drops the second one by its key"
        made.channels["sms"].is_dead = True
        reply = await http.post(f"{self.ME}/trials", json=trial, headers=self.WHO)
        assert "ConnectError" in reply.json()["detail"]
