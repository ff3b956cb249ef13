"""From raw records to errands: each record is read alone, so that one bad one stops no other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from common.contracts import codec
from common.contracts.codec import Undecodable
from common.kernel.errors import DomainError
from common.messaging.correlation import cause_of
from common.messaging.dead_letters import REFUSED, UNEXPECTED_FAULT, Refused
from common.messaging.groups import retries_of
from common.messaging.records import ConsumedRecord
from common.messaging.subscription import Subscription, as_commands
from common.work.model import Errand, Outcome, Result


@dataclass(slots=True)
class Batch:
    """
    Errands in the order of the records; *origins* names the record of each errand.

    *refused* cannot be read; *faults* are the records on which our code failed in the last attempt.
    *oldest* is when the earliest fact of each type was decided.
    """

    errands: list[Errand] = field(default_factory=list)
    origins: list[ConsumedRecord] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    faults: list[Refused] = field(default_factory=list)
    oldest: dict[str, datetime] = field(default_factory=dict)

    def refusals(self, results: Sequence[Result]) -> list[Refused]:
        """Return what cannot be read and what the domain refused, one per record."""
        refused = {id(bad.record): bad for bad in (*self.refused, *self.faults)}
        for origin, result in zip(self.origins, results, strict=True):
            if result.outcome is Outcome.REFUSED:
                slug = str(getattr(result.error, "slug", REFUSED))
                refused.setdefault(id(origin), Refused(origin, REFUSED, slug))
        return list(refused.values())


class Reader:
    """Reads the records of one subscription."""

    def __init__(self, subscription: Subscription) -> None:
        self._translations = subscription.translations()
        self._passed_over = subscription.passed_over()
        self._retries = retries_of(subscription.group)

    def read(self, records: Sequence[ConsumedRecord]) -> Batch:
        """Return the errands of *records* and the records that have none because they are bad."""
        batch = Batch()
        for record in records:
            if codec.type_header(record) in self._passed_over:
                continue
            try:
                self._add(batch, record)
            except Undecodable as error:
                batch.refused.append(Refused(record, error.reason, error.detail))
            except DomainError as error:
                batch.refused.append(Refused(record, REFUSED, error.slug))
            except Exception as error:  # noqa: BLE001 - a bug in a translation must not block a partition
                batch.refused.append(
                    Refused(record, UNEXPECTED_FAULT, f"translation: {type(error).__name__}")
                )
        return batch

    def _add(self, batch: Batch, record: ConsumedRecord) -> None:
        event = codec.decode(record)
        translate = self._translations.get(event.type)
        if translate is None:
            return
        errands = [
            Errand(command, cause_of(event, record, index))
            for index, command in enumerate(as_commands(translate(event)))
        ]
        if errands and record.topic != self._retries:  # what was set aside is as old as its repair took
            batch.oldest[event.type] = min(event.time, batch.oldest.get(event.type, event.time))
        batch.errands += errands
        batch.origins += [record] * len(errands)
