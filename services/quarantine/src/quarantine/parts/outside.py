"""Doors for other apps and for the gateway of messages, put together."""

from typing import Any, Protocol

from pydantic import SecretStr

from common.keys import secret_key
from common.service import Runtime
from common.work.ledger import Ledger
from common.work.model import AggregateStore, Heart
from quarantine import ports
from quarantine.domain.callbacks import Callback, decide
from quarantine.ports import citizens as citizens_ports
from quarantine.routes import outside
from quarantine.rulebook import read_partners
from quarantine.store.callbacks import MongoCallbacks
from quarantine.translate import to_event
from quarantine.views.desk import Desk
from quarantine.views.matching import Finder
from quarantine.views.outside import Outside
from quarantine.views.sms import Messages

LARGE_BODIES = {outside.DECLARATIONS: 524_288}
"""500 rows of at most a kilobyte."""
ROUTERS = (outside.router,)


class CallbackStore(citizens_ports.Callbacks, AggregateStore[Callback], Protocol):
    """Where it is kept who waits to be called back."""


def in_mongo(runtime: Runtime) -> CallbackStore:
    """Keep it in Mongo."""
    return MongoCallbacks(runtime.database)


def outside_parts(
    runtime: Runtime,
    stores: CallbackStore,
    cases: ports.Cases,
    ledger: Ledger[Any, Any],
    desk: Desk,
    secret: SecretStr | None,
) -> dict[str, Any]:
    """Put it together; without a *secret* no message is taken."""
    finder = Finder(runtime, cases)
    partners = read_partners(runtime.folder / "rules" / "partners")
    messages = Messages(
        runtime,
        finder,
        ledger,
        callbacks=stores,
        work=runtime.work(Heart("callback", decide, to_event, lambda: None), stores),
        desk=desk,
        secret=secret_key(secret.get_secret_value(), name="sms_secret") if secret else None,
    )
    return {"outside": Outside(runtime, finder, ledger, partners), "messages": messages}
