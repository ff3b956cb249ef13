"""Our own acknowledgements become rows of answer times."""

from alerting.domain.answers import Answer, KeepAnswer
from common.contracts import alerting as told
from common.contracts.event import Event
from common.geo import PROVINCE_CODE


def acknowledged(event: Event[told.AlertAcknowledged]) -> KeepAnswer:
    """Somebody took an alert."""
    data = event.data
    answer = Answer(
        answer_id=event.id,
        kind=data.condition,
        severity=data.severity.value,
        commune_code=data.commune_code,
        district_code=data.district_code,
        province_code=PROVINCE_CODE,
        role=data.by_role,
        at=data.acknowledged_at,
        seconds=data.seconds_to_acknowledge,
    )
    return KeepAnswer(answer)
