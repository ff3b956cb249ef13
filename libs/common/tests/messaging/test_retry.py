"""Faults of the machinery pass; faults of a record do not."""

import pytest
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    NodeNotReadyError,
)
from pymongo.errors import (
    AutoReconnect,
    DocumentTooLarge,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
)

from common.kernel.errors import Invalid
from common.messaging.retry import Backoff, is_transient


@pytest.mark.parametrize(
    "fault",
    [
        AutoReconnect(),
        NotPrimaryError(),
        NetworkTimeout(),
        ServerSelectionTimeoutError(),
        ExecutionTimeout("too slow"),
        OperationFailure("out of disk space", 14031),
        KafkaConnectionError(),
        KafkaTimeoutError(),
        NodeNotReadyError(),
        ConnectionResetError(),
        TimeoutError(),
        OSError("no route to host"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_fault_of_database_broker_or_network_is_waited_for(fault: Exception) -> None:
    assert is_transient(fault)


@pytest.mark.parametrize(
    "fault",
    [ValueError(), KeyError("x"), Invalid("sai"), DocumentTooLarge("17 MB"), MessageSizeTooLargeError()],
    ids=lambda fault: type(fault).__name__,
)
def test_a_fault_of_the_record_or_of_our_code_is_not(fault: Exception) -> None:
    assert not is_transient(fault)


def test_waits_grow_with_jitter_up_to_the_longest() -> None:
    backoff = Backoff(first_seconds=0.1, longest_seconds=2.0)
    for attempt, ceiling in [(0, 0.1), (1, 0.2), (4, 1.6), (5, 2.0), (10_000, 2.0)]:
        waits = [backoff.wait_seconds(attempt) for _ in range(50)]
        assert all(ceiling / 2 <= wait <= ceiling for wait in waits)
        assert len(set(waits)) > 1
