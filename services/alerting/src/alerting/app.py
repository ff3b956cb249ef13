"""Composition: what alerting is made of."""

from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter

from alerting.consumers import subscriptions
from alerting.domain.decide import decide
from alerting.domain.model import Condition
from alerting.domain.rules import AlertRules
from alerting.parts import calling, overview
from alerting.parts import stations as numbering
from alerting.parts.retention import purge_of
from alerting.parts.rules import rule_parts, rule_routers
from alerting.ports import Channel, ConditionStore, Lines, Stations
from alerting.routes import Desk, handling, recipients, router
from alerting.rulebook import ResponseRules, load_rulebook
from alerting.settings import AlertingSettings
from alerting.store import Conditions
from alerting.translate import to_event
from alerting.views.feed import Feed
from common.rules import RuleBook
from common.service import Runtime, Service
from common.web.pages import PageSettings, page_routes
from common.work.engine import Work
from common.work.model import Heart

PAGES = Path(__file__).parent / "pages"


def build(settings: AlertingSettings) -> Service:
    """Alerting: conditions in, alerts to the right people of the right area."""
    runtime = Runtime(settings)
    called, answers = calling.in_mongo(runtime), overview.in_mongo(runtime)
    stations = numbering.in_mongo(runtime)
    return compose(settings, runtime, Conditions(runtime.database), called, answers, stations)


def compose(
    settings: AlertingSettings,
    runtime: Runtime,
    conditions: ConditionStore,
    called: calling.CallingStores,
    answers: overview.AnswerStore,
    stations: Stations,
    channels: dict[str, Channel] | None = None,
) -> Service:
    """Put the service together on its stores; *channels* stand in for those of the settings."""
    channels = calling.channels_of(settings) if channels is None else channels
    rulebook = load_rulebook(runtime.folder / "rules" / "alerting")
    rules = _rules_in_force(runtime, rulebook, frozenset(channels))
    work = runtime.work(Heart("condition", decide, to_event, rules), conditions)
    feed = Feed(conditions, runtime.units, runtime.clock)
    seen = overview.overview_of(runtime, conditions, answers, work, rules)
    numbers = numbering.numbers_of(conditions, stations)
    ruled, pages = rule_parts(runtime, conditions, rulebook), _pages(settings)
    desk = _desk(runtime, work, conditions, feed, called.lines, frozenset(channels))
    calls = calling.calling_of(runtime, called, settings, channels, conditions, work)
    purge = purge_of(runtime, {"conditions": work, "recipients": calls.parts["recipients"]})
    return runtime.service(
        "Lá Chắn - Cảnh báo",
        [router, handling.router, recipients.router, *calls.routers, *seen.routers, *numbers.routers, *pages],
        parts={"desk": desk, **calls.parts, **seen.parts, **numbers.parts, **ruled},
        subscriptions=subscriptions(work, seen.answers, numbers.door),
        api_background=[feed],
        worker_background=[*calls.worker_background, *seen.worker_background, purge],
        streams=[feed.broadcast],
        stores=[*numbers.stores, *purge.stores],
    )


def _desk(
    runtime: Runtime,
    work: Work[Condition, AlertRules],
    conditions: ConditionStore,
    feed: Feed,
    lines: Lines,
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
        lines=lines,
        channels=channels,
    )


def _rules_in_force(
    runtime: Runtime, rulebook: RuleBook[ResponseRules], channels: frozenset[str]
) -> Callable[[], AlertRules]:
    versions = {v.version: calling.with_channels(v.rules, channels) for v in rulebook.versions}
    return lambda: versions[rulebook.at(runtime.clock.now()).version]


def _pages(settings: AlertingSettings) -> tuple[APIRouter, ...]:
    meta = {"patient-url": settings.patient_url, "case-url": settings.case_url}
    page = PageSettings(settings.oidc_issuer, meta=meta)
    return *rule_routers(page, PAGES), page_routes({"/inbox": PAGES / "inbox.html"}, page, PAGES)
