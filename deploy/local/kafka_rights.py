"""What the clients of a broker may do (ACLs), changed while it runs."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest, DescribeAclsRequest

KINDS: Final = {"topic": 2, "group": 3, "transactionalId": 5}
OPERATIONS: Final = {"Read": 3, "Write": 4, "Describe": 8}
LITERAL: Final = 3
PREFIXED: Final = 4
_ANY: Final = 1
_ALLOW: Final = 3


class Right(NamedTuple):
    """One thing that somebody may do, in the numbers of Kafka's protocol."""

    kind: int
    name: str
    pattern: int
    operation: int


class KafkaRights:
    """The broker's list of rights. Every method raises the `KafkaError` with which the broker refused."""

    def __init__(self, admin: AIOKafkaAdminClient) -> None:
        self._admin = admin

    async def all(self) -> dict[str, set[Right]]:
        """Return what each user may do."""
        found = await self._ask(DescribeAclsRequest(_ANY, None, _ANY, None, None, _ANY, _ANY))
        _check(found)
        held: dict[str, set[Right]] = {}
        for resource in found["resources"]:
            for acl in resource["acls"]:
                user = acl["principal"].removeprefix("User:")
                what = resource["resource_type"], resource["resource_name"], resource["resource_pattern_type"]
                held.setdefault(user, set()).add(Right(*what, acl["operation"]))
        return held

    async def allow(self, user: str, rights: Iterable[Right]) -> None:
        """Let *user* do these things besides what is already allowed."""
        for right in sorted(rights):
            request = CreateAclsRequest(*right[:3], f"User:{user}", "*", right.operation, _ALLOW)
            _check((await self._ask(request))["creation_responses"][0])

    async def forbid(self, user: str, rights: Iterable[Right]) -> None:
        """Take back what was allowed to *user*."""
        for right in sorted(rights):
            request = DeleteAclsRequest(*right[:3], f"User:{user}", "*", right.operation, _ALLOW)
            _check((await self._ask(request))["filter_responses"][0])

    async def _ask(self, request: Any) -> dict[str, Any]:
        answer: dict[str, Any] = (await self._admin._send_request(request)).to_object()
        return answer


@asynccontextmanager
async def rights_at(bootstrap: str) -> AsyncIterator[KafkaRights]:
    """Open the list of a broker by an address where the caller may change it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        yield KafkaRights(admin)
    finally:
        await admin.close()


def _check(answer: dict[str, Any]) -> None:
    if answer["error_code"]:
        raise for_code(answer["error_code"])(answer["error_message"] or "the broker gives no reason")
