"""Composition: what alerting is made of."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from fastapi import APIRouter

from alerting.channels.courier import Courier
from alerting.channels.email import EmailChannel
from alerting.consumers import subscriptions
from alerting.domain.decide import decide
from alerting.domain.model import Condition, Kind
from alerting.domain.rules import AlertRules, KindRules
from alerting.parts.overview import AnswerStore, in_mongo, overview_of
from alerting.parts.rules import rule_parts, rule_routers
from alerting.ports import Channel, ConditionStore
from alerting.routes import Desk, handling, router
from alerting.rulebook import load_rulebook
from alerting.settings import AlertingSettings
from alerting.store import Conditions
from alerting.translate import to_event
from alerting.views.feed import Feed
from common.service import Runtime, Service
from common.web.pages import PageSettings, page_routes
from common.work.engine import Work
from common.work.model import Heart

PAGES = Path(__file__).parent / "pages"


def build(settings: AlertingSettings) -> Service:
    """Alerting: conditions in, alerts to the right people of the right area."""
    runtime = Runtime(settings)
    return compose(settings, runtime, Conditions(runtime.database), in_mongo(runtime))


def compose(
    settings: AlertingSettings, runtime: Runtime, conditions: ConditionStore, answers: AnswerStore
) -> Service:
    """Put the service together on its stores, wherever they are."""
    channels = _channels(settings, runtime)
    rulebook = load_rulebook(runtime.folder / "rules" / "alerting")

    versions = {v.version: _with_channels(v.rules, frozenset(channels)) for v in rulebook.versions}

    def rules() -> AlertRules:
        return versions[rulebook.at(runtime.clock.now()).version]

    work = runtime.work(Heart("condition", decide, to_event, rules), conditions)
    feed = Feed(conditions, runtime.units, runtime.clock)
    seen = overview_of(runtime, conditions, answers, work, rules)
    desk = _desk(runtime, work, conditions, feed, frozenset(channels))
    return runtime.service(
        "Lá Chắn - Cảnh báo",
        [router, handling.router, *seen.routers, *rule_routers(_page(settings), PAGES), _pages(settings)],
        parts={"desk": desk, **seen.parts, **rule_parts(runtime, conditions, rulebook)},
        subscriptions=subscriptions(work, seen.answers),
        api_background=[feed],
        worker_background=[Courier(conditions, work, channels, runtime.clock), *seen.worker_background],
        streams=[feed.broadcast],
    )


def _desk(
    runtime: Runtime,
    work: Work[Condition, AlertRules],
    conditions: ConditionStore,
    feed: Feed,
    channels: frozenset[str],
) -> Desk:
    return Desk(
        work=work,
        inbox=conditions,
        postbox=conditions,
        feed=feed,
        vault=runtime.vault,
        access_log=runtime.access_log,
        units=runtime.units,
        clock=runtime.clock,
        channels=channels,
    )


def _page(settings: AlertingSettings) -> PageSettings:
    meta = {"patient-url": settings.patient_url, "case-url": settings.case_url}
    return PageSettings(settings.oidc_issuer, meta=meta)


def _pages(settings: AlertingSettings) -> APIRouter:
    return page_routes({"/inbox": PAGES / "inbox.html"}, _page(settings), PAGES)


def _channels(settings: AlertingSettings, runtime: Runtime) -> dict[str, Channel]:
    server = settings.mail_server
    if server is None:
        return {}
    return {"email": EmailChannel(server, settings.addresses, runtime.units)}


def _with_channels(rules: AlertRules, on: frozenset[str]) -> AlertRules:
    """Leave out channels that this installation does not have: no message must wait for them for ever."""

    def cut(kinds: Mapping[Kind, KindRules]) -> dict[Kind, KindRules]:
        return {
            kind: replace(
                each,
                calls={
                    severity: replace(call, channels=tuple(c for c in call.channels if c in on))
                    for severity, call in each.calls.items()
                },
            )
            for kind, each in kinds.items()
        }

    local = {code: cut(kinds) for code, kinds in rules.local.items()}
    return replace(rules, kinds=cut(rules.kinds), local=local)
