"""Groups, answer times, and the watch over the system itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import APIRouter

from alerting.domain.answers import Answer, keep_answer
from alerting.domain.rules import AlertRules
from alerting.ports import Answers, ConditionStore
from alerting.routes import overview as routes
from alerting.store.answers import MongoAnswers
from alerting.translate import to_event
from alerting.views.overview import Overview
from alerting.views.watchman import Watchman
from common.messaging.catalogue import load as load_catalogue
from common.messaging.inspection import Inspector
from common.messaging.subscription import Door
from common.service import Background, Runtime
from common.work.engine import Work
from common.work.model import Heart, RecordStore


class AnswerStore(Answers, RecordStore[Answer], Protocol):
    """Where acknowledgements are kept and summed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the composition adds of it; *answers* takes the rows of answer times."""

    routers: tuple[APIRouter, ...]
    parts: dict[str, Any]
    answers: Door
    worker_background: tuple[Background, ...]


def in_mongo(runtime: Runtime) -> AnswerStore:
    """Keep acknowledgements in the service's database."""
    return MongoAnswers(runtime.database)


def overview_of(
    runtime: Runtime,
    conditions: ConditionStore,
    answers: AnswerStore,
    work: Work[Any, AlertRules],
    rules: Callable[[], AlertRules],
) -> Seen:
    """Put it together."""
    ledger = runtime.ledger(Heart("answer", keep_answer, to_event, lambda: None), answers)
    catalogue, bootstrap = load_catalogue(), runtime.settings.kafka_bootstrap
    watchman = Watchman(lambda: Inspector(bootstrap, catalogue), conditions, work, runtime.clock)
    return Seen(
        routers=(routes.router,),
        parts={"overview": Overview(conditions, answers, rules, runtime.units, runtime.clock)},
        answers=ledger,
        worker_background=(watchman,),
    )
