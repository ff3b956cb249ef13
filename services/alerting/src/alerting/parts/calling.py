"""Calling people: the channels of the installation, who is registered, and the couriers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from alerting.channels.courier import Courier
from alerting.channels.email import EmailChannel
from alerting.channels.health import Health
from alerting.channels.hooks import ChatChannel, WebhookChannel
from alerting.channels.notices import Around, NoticeCourier
from alerting.channels.people import People
from alerting.channels.push import PushChannel
from alerting.channels.sms import SmsChannel
from alerting.channels.unit import UnitBox
from alerting.domain.channels import EMAIL, PEOPLE, decide_line
from alerting.domain.model import Condition, Kind
from alerting.domain.notices import Notice, decide_notice
from alerting.domain.recipients import Recipient, decide_recipient
from alerting.domain.rules import AlertRules, KindRules, Sending
from alerting.ports import Caller, Channel, ConditionStore, Lines, Notices, Recipients
from alerting.routes import duty
from alerting.settings import AlertingSettings
from alerting.store.people import MongoLines, MongoNotices, MongoRecipients
from alerting.translate import to_event
from alerting.views.duty import DutyDesk
from alerting.views.receipts import Receipts
from alerting.views.recipients import Hosts, Registry
from common.clocks import SystemClock
from common.kernel.areas import Area
from common.service import Background, Runtime
from common.sms import HttpSmsGateway
from common.web.pages import PageSettings, page_routes
from common.work.engine import Work
from common.work.model import Heart

CALLS: Final = Path(__file__).parents[1] / "pages" / "calls"
PROVINCE: Final = Area("19", "19", "19")
"""Where trouble of our own channels is: everywhere, so only those who look after the province are called."""


@dataclass(frozen=True, slots=True)
class CallingStores:
    """Where calls, people and channels are kept."""

    recipients: Recipients
    notices: Notices
    lines: Lines


def in_mongo(runtime: Runtime) -> CallingStores:
    """Keep them in the service's database."""
    database = runtime.database
    return CallingStores(MongoRecipients(database), MongoNotices(database), MongoLines(database))


def channels_of(settings: AlertingSettings) -> dict[str, Channel]:
    """Return the channels that this installation has; they sign with the time of the world outside."""
    wall = SystemClock()
    hosts = hosts_of(settings)
    found: list[Channel] = []
    if settings.mail_server:
        found.append(EmailChannel(settings.mail_server, settings.mail_from))
    if settings.sms_url:
        token = settings.sms_token.get_secret_value() if settings.sms_token else ""
        gateway = HttpSmsGateway(settings.sms_url, token, sender=settings.sms_sender)
        found.append(SmsChannel(gateway, settings.sms_receipt_url))
    if sender := settings.push_sender:
        found.append(PushChannel(sender, hosts.push, wall))
    if hosts.webhook:
        found.append(WebhookChannel(settings.webhook_secret, hosts.webhook, wall))
    if hosts.chat:
        found.append(ChatChannel(hosts.chat))
    return {channel.name: channel for channel in found}


def hosts_of(settings: AlertingSettings) -> Hosts:
    """Return to which hosts messages may go."""
    texts = (settings.push_hosts, settings.webhook_hosts, settings.chat_hosts)
    return Hosts(*(tuple(text.split()) for text in texts))


@dataclass(frozen=True, slots=True)
class Calling:
    """What the service gets: routes' parts, pages, and what runs in workers."""

    parts: Mapping[str, Any]
    routers: tuple[Any, ...]
    worker_background: list[Background]


def calling_of(
    runtime: Runtime,
    stores: CallingStores,
    settings: AlertingSettings,
    channels: Mapping[str, Channel],
    conditions: ConditionStore,
    work: Work[Condition, AlertRules],
) -> Calling:
    """Make it on its stores; *work* is that of the conditions."""
    clock, rules = runtime.clock, work.heart.rules
    people = runtime.work(Heart("recipient", decide_recipient, to_event, lambda: None), stores.recipients)
    notices = runtime.work(Heart("notice", decide_notice, to_event, lambda: rules().sending), stores.notices)
    lines = runtime.work(Heart("channel", decide_line, to_event, lambda: None), stores.lines)
    health = Health(stores.lines, lines, work, channels, clock, PROVINCE)
    around = Around(conditions, people, runtime.vault, runtime.units, settings.inbox_url)
    callers = _callers(runtime, stores, settings, channels, notices)
    parts = {
        "recipients": people,
        "registry": _registry(runtime, settings, channels, people),
        "duty": DutyDesk(people, stores.recipients, frozenset(channels), runtime.units, clock),
        "receipts": _receipts(stores, settings, conditions, notices, tuple(channels)),
        "service_worker": (CALLS / "alert-worker.js").read_text("utf-8"),
    }
    addresses = {"/toi-nhan": CALLS / "calls.html", "/truc-canh-bao": CALLS / "duty.html"}
    page = page_routes(addresses, PageSettings(settings.oidc_issuer))
    couriers: list[Background] = [
        Courier(conditions, work, callers, clock, told=health.add),
        NoticeCourier(stores.notices, notices, channels, around, health, clock),
    ]
    return Calling(parts, (duty.router, page), [*couriers, health])


def _receipts(
    stores: CallingStores,
    settings: AlertingSettings,
    conditions: ConditionStore,
    notices: Work[Notice, Sending],
    installed: tuple[str, ...],
) -> Receipts:
    return Receipts(
        notices,
        stores.notices,
        conditions,
        stores.lines,
        SystemClock(),
        secret=settings.receipt_secret,
        installed=installed,
    )


def _callers(
    runtime: Runtime,
    stores: CallingStores,
    settings: AlertingSettings,
    channels: Mapping[str, Channel],
    notices: Work[Notice, Sending],
) -> dict[str, Caller]:
    people = People(
        stores.recipients,
        notices,
        frozenset(channels),
        runtime.clock,
        lambda: notices.heart.rules().substitutes_after,
    )
    if EMAIL not in channels:
        return {PEOPLE: people}
    return {PEOPLE: people, EMAIL: UnitBox(channels[EMAIL], settings.addresses, runtime.units)}


def _registry(
    runtime: Runtime,
    settings: AlertingSettings,
    channels: Mapping[str, Channel],
    people: Work[Recipient, None],
) -> Registry:
    sender = settings.push_sender
    return Registry(
        people,
        channels,
        runtime.vault,
        runtime.clock,
        hosts_of(settings),
        settings.webhook_secret,
        sender.public_key if sender else "",
        settings.inbox_url,
    )


def with_channels(rules: AlertRules, on: frozenset[str]) -> AlertRules:
    """
    Leave out channels that this installation does not have: no message must wait for them for ever.

    Where anything is sent at all, everybody who is registered is called as well.
    """

    def cut(kinds: Mapping[Kind, KindRules]) -> dict[Kind, KindRules]:
        return {
            kind: replace(
                each,
                calls={
                    severity: replace(call, channels=_sent_over(call.channels, on))
                    for severity, call in each.calls.items()
                },
            )
            for kind, each in kinds.items()
        }

    local = {code: cut(kinds) for code, kinds in rules.local.items()}
    return replace(rules, kinds=cut(rules.kinds), local=local)


def _sent_over(named: tuple[str, ...], on: frozenset[str]) -> tuple[str, ...]:
    return (*(name for name in named if name in on and name != PEOPLE), *([PEOPLE] if named and on else []))
