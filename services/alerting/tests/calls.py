"""Words for the tests of calling: people with channels, and channels that do as they are told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from alerting.channels.courier import Courier
from alerting.channels.health import Health
from alerting.channels.notices import ADDRESS, NoticeCourier
from alerting.domain.model import Condition
from alerting.domain.notices import Notice
from alerting.domain.recipients import AddDevice, Contact, Device, Quiet, SavePreferences
from alerting.parts.calling import CallingStores
from alerting.ports import Channel, Message, Taken, Undelivered
from alerting.settings import AlertingSettings
from common.clocks import FrozenClock
from common.kernel.areas import Actor
from common.service import Runtime, Service
from common.testing.access import Rule
from common.testing.sign_in import sample_jwks, sample_settings
from common.work.model import Cause
from services.alerting.tests.memory import (
    MemoryAnswers,
    MemoryConditions,
    MemoryLines,
    MemoryNotices,
    MemoryRecipients,
)
from services.alerting.tests.stories import NOON


class Killed(BaseException):
    """The process ends here."""


@dataclass
class FakeChannel:
    """Takes messages unless it is told to fail; *dies*: after taking one."""

    name: str
    sent: list[Message] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)
    is_dead: bool = False
    dies: bool = False
    receipt_within: timedelta | None = None

    async def send(self, message: Message) -> Taken:
        if self.is_dead:
            raise Undelivered("ConnectError")
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(message)
        if self.dies:
            self.dies = False
            raise Killed
        return Taken(self.receipt_within)

    async def probe(self) -> bool:
        return False

    def rest(self) -> None:
        pass


@dataclass
class Town:
    """The service on memory stores with channels that do as they are told."""

    service: Service
    conditions: MemoryConditions
    stores: CallingStores
    channels: dict[str, FakeChannel]
    clock: FrozenClock
    heard: int = 0

    @property
    def courier(self) -> Courier:
        return self.service.worker_background[0]  # type: ignore[index,no-any-return]

    @property
    def post(self) -> NoticeCourier:
        return self.service.worker_background[1]  # type: ignore[index,no-any-return]

    @property
    def health(self) -> Health:
        return self.service.worker_background[2]  # type: ignore[index,no-any-return]

    async def hear(self, command: Any) -> None:
        self.heard += 1
        await self.service.runtime.works[0].run(command, Cause(f"fact-{self.heard}"))

    async def register(self, who: Actor, *names: str, quiet: Quiet | None = None, devices: int = 0) -> None:
        """Let *who* be called over *names* in this order, with made-up addresses."""
        self.heard += 1
        work, vault = self.service.runtime.works[1], self.service.runtime.vault
        to = {"sms": "phone", "email": "email", "chat": "url", "webhook": "url"}

        def sealed(fields: Mapping[str, str]) -> str:
            return vault.seal(dict(fields), data_class=ADDRESS, person_id=who.subject)

        contacts = tuple(
            Contact(name, True, sealed({to[name]: f"{who.subject}@{name}"}) if name in to else "")
            for name in names
        )
        await work.run(SavePreferences(who, contacts, quiet), Cause(f"save-{self.heard}"))
        for number in range(devices):
            keys = {"endpoint": f"https://push.invalid/{number}", "p256dh": "p", "auth": "a"}
            device = Device(f"device-{number}", "Chrome", NOON, sealed(keys))
            await work.run(AddDevice(who, device), Cause(f"device-{self.heard}-{number}"))

    async def rounds(self) -> None:
        """Call whoever is to be called, and send what waits."""
        await self.courier.round()
        await self.post.round()

    @property
    def notices(self) -> list[Notice]:
        assert isinstance(self.stores.notices, MemoryNotices)
        return self.stores.notices.all()

    @property
    def notice(self) -> Notice:
        [one] = self.notices
        return one

    def condition_of(self, kind: str) -> Condition | None:
        states = [stored.state for stored in self.conditions.aggregates.values()]
        return next((state for state in states if state.kind == kind), None)


def town(clock: FrozenClock, *names: str, real: dict[str, Channel] | None = None, **settings: Any) -> Town:
    """Build the service with channels of these names."""
    from alerting.app import compose
    from alerting.store.stations import MemoryStations

    loaded = sample_settings(AlertingSettings, **settings)
    runtime = Runtime(loaded, clock=clock, jwks=sample_jwks(), in_memory=True)
    conditions = MemoryConditions()
    stores = CallingStores(MemoryRecipients(), MemoryNotices(), MemoryLines())
    fakes = {name: FakeChannel(name) for name in names}
    channels: dict[str, Channel] = {**fakes, **(real or {})}
    service = compose(loaded, runtime, conditions, stores, MemoryAnswers(), MemoryStations(), channels)
    return Town(service, conditions, stores, fakes, clock)


NIGHT = Quiet(time(22, 0), time(5, 0))


def call_rules(alert_id: str, watchers: frozenset[str], audience: frozenset[str]) -> list[Rule]:
    """Who may do what with the routes of calling."""
    me = "/v1/recipients/me"
    device = {
        "endpoint": "https://fcm.googleapis.com/fcm/send/x",
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    }
    duty, swap = f"{me}/duty", {"is_on": True, "until": (NOON + timedelta(hours=8)).isoformat()}
    off, gone = frozenset({200, 409}), frozenset({200, 404})
    return [
        Rule("GET", me, watchers, lambda: {"url": me}, is_scoped=False),
        Rule("PUT", me, watchers, lambda: {"url": me, "json": {"contacts": []}}, is_scoped=False),
        Rule("POST", f"{me}/presence", watchers, lambda: {"url": f"{me}/presence"}, is_scoped=False),
        Rule(
            "POST",
            f"{me}/devices",
            watchers,
            lambda: {"url": f"{me}/devices", "json": device},
            is_scoped=False,
            good=off,
        ),
        Rule(
            "DELETE",
            f"{me}/devices/{{device_id}}",
            watchers,
            lambda: {"url": f"{me}/devices/none"},
            is_scoped=False,
            good=gone,
        ),
        Rule(
            "POST",
            f"{me}/trials",
            watchers,
            lambda: {"url": f"{me}/trials", "json": {"channel": "sms"}},
            is_scoped=False,
            good=frozenset({200, 404, 409}),
        ),
        Rule("GET", duty, watchers, lambda: {"url": duty}, is_scoped=False),
        Rule("PUT", duty, watchers, lambda: {"url": duty, "json": {"hours": []}}, is_scoped=False),
        Rule(
            "POST",
            f"{duty}/by-hand",
            watchers,
            lambda: {"url": f"{duty}/by-hand", "json": swap},
            is_scoped=False,
        ),
        Rule("DELETE", f"{duty}/by-hand", watchers, lambda: {"url": f"{duty}/by-hand"}, is_scoped=False),
        Rule("GET", "/v1/on-call", watchers, lambda: {"url": "/v1/on-call"}, is_scoped=False),
        Rule("GET", "/v1/channels", watchers, lambda: {"url": "/v1/channels"}, is_scoped=False),
        Rule(
            "GET",
            "/v1/alerts/{alert_id}/notices",
            audience,
            lambda: {"url": f"/v1/alerts/{alert_id}/notices"},
        ),
    ]
