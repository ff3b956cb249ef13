"""
Partner systems of a running stack: each has a key of its own and reads the topics that it was granted.

What a partner needs is handed over as one folder (`docs/partner-quickstart.md` begins with it). The broker
keeps the rights with its data, so that they are there after the next start. Outside a laptop the same is a
KafkaUser and a client of the identity provider: `docs/operations/partners.md`.
"""

import asyncio
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.helpers import create_ssl_context

from common.messaging.catalogue import Catalogue, load
from common.oidc_local.minting import Minter
from deploy.local.checkout import HOST, is_open
from deploy.local.files import write_private
from deploy.local.kafka_rights import KINDS, LITERAL, OPERATIONS, PREFIXED, Right, rights_at
from deploy.local.partner_keys import Authority, authority_folder, known_as
from deploy.local.services import AUDIENCE, Place

PROVINCE = "19"
_NAME = re.compile(r"[a-z][a-z0-9-]{2,39}")
_KEY_FILE = "partner.pem"
_TRIES, _PAUSE_SECONDS = 100, 0.1


class NotGranted(ValueError):
    """A partner cannot be served as asked; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody who has a key, and the topics that it opens."""

    name: str
    topics: tuple[str, ...]


class Partners:
    """The partners of the stack at *place*."""

    def __init__(self, place: Place, catalogue: Catalogue | None = None) -> None:
        self._place = place
        self._catalogue = catalogue or load()

    def folder(self, name: str) -> Path:
        """Return where the things of a partner are."""
        return self._place.folder / "partners" / name

    async def grant(self, name: str, topics: Iterable[str], areas: Iterable[str] = (PROVINCE,)) -> Path:
        """
        Let *name* read exactly *topics*, over HTTP the figures of *areas*; return the folder to hand over.

        Whoever has a key keeps it; what was granted before and is not named now is taken back.
        Raises `NotGranted`.
        """
        wanted = self._checked(name, tuple(topics))
        self._require_door()
        key = self._write(name, tuple(areas))
        async with rights_at(self._place.kafka_bootstrap) as rights:
            for user, held in (await rights.all()).items():
                if _partner_of(user) == name:
                    await rights.forbid(user, held - wanted if user == key else held)
            await rights.allow(key, wanted)
        await self._wait_until_seen(name, set(topics))
        return self.folder(name)

    async def revoke(self, name: str) -> None:
        """Take every right back, at once also from who is connected; `NotGranted` for a stranger."""
        self._require_door()
        async with rights_at(self._place.kafka_bootstrap) as rights:
            held = {user: may for user, may in (await rights.all()).items() if _partner_of(user) == name}
            if not held:
                raise NotGranted(f"there is no partner {name!r}; `make partner` lists them")
            for user, may in held.items():
                await rights.forbid(user, may)
            for _ in range(_TRIES):
                if not held.keys() & (await rights.all()).keys():
                    break
                await asyncio.sleep(_PAUSE_SECONDS)
        shutil.rmtree(self.folder(name), ignore_errors=True)

    async def all(self) -> list[Partner]:
        """Return every partner, as the broker knows them."""
        self._require_door()
        async with rights_at(self._place.kafka_bootstrap) as rights:
            held = await rights.all()
        return [Partner(_partner_of(user), _topics(may)) for user, may in sorted(held.items())]

    async def shown(self, folder: Path) -> set[str]:
        """Return the topics that the broker shows to whoever holds the key in *folder*."""
        key = str(folder / _KEY_FILE)
        context = create_ssl_context(cafile=str(folder / "ca.crt"), certfile=key, keyfile=key)
        client = AIOKafkaAdminClient(
            bootstrap_servers=self.address, security_protocol="SSL", ssl_context=context
        )
        await client.start()
        try:
            return set(await client.list_topics())
        finally:
            await client.close()

    def _checked(self, name: str, topics: tuple[str, ...]) -> set[Right]:
        if not _NAME.fullmatch(name):
            raise NotGranted("a name is 3 to 40 small letters, digits and hyphens, a letter first")
        if any(group.startswith(f"{name}.") for group in self._catalogue.groups):
            raise NotGranted(f"{name} is the name of a service: choose another")
        may = self._catalogue.for_partners
        refused = sorted(set(topics) - set(may))
        if refused or not topics:
            asked = f"not for partners: {', '.join(refused)}. " if refused else ""
            raise NotGranted(f"{asked}Partners may be granted {', '.join(may)} (schemas/topics.yaml).")
        return _rights(name, topics)

    def _require_door(self) -> None:
        if not is_open(self._place.ports.kafka_partners):
            raise NotGranted(
                f"nothing listens for partners on {self.address}. They are served by Apache Kafka from its"
                " jars (Java 17 and Maven), not in Docker and not by the emulator."
            )

    @property
    def address(self) -> str:
        """Address of the partners' door."""
        return f"{HOST}:{self._place.ports.kafka_partners}"

    def _write(self, name: str, areas: tuple[str, ...]) -> str:
        """Write what the partner is given; return what the broker knows its key by."""
        authority, key_file = Authority(authority_folder(self._place.folder)), self.folder(name) / _KEY_FILE
        if not key_file.exists():
            write_private(key_file, authority.partner(name)[1])
        minter = Minter.from_file(self._place.key_file, issuer=self._place.issuer, audience=AUDIENCE)
        token = minter.token(["partner"], areas, subject=name, name=name)
        address = f"bootstrap.servers={self.address}\nsecurity.protocol=SSL\n"
        files = {
            "ca.crt": authority.text,
            "kafka.properties": f"{address}ssl.ca.location=ca.crt\n"
            f"ssl.certificate.location={_KEY_FILE}\nssl.key.location={_KEY_FILE}\n",
            "java.properties": f"{address}ssl.truststore.type=PEM\nssl.truststore.location=ca.crt\n"
            f"ssl.keystore.type=PEM\nssl.keystore.location={_KEY_FILE}\n",
            "http.env": f"IOC_URL={self._place.address('ioc_aggregation')}\nTOKEN={token}\n",
        }
        for file, text in files.items():
            write_private(self.folder(name) / file, text)
        return known_as(key_file.read_text("ascii"))

    async def _wait_until_seen(self, name: str, topics: set[str]) -> None:
        """Return when the broker shows the partner these topics: rights take a moment to count."""
        for _ in range(_TRIES):
            if await self.shown(self.folder(name)) == topics:
                return
            await asyncio.sleep(_PAUSE_SECONDS)
        raise NotGranted(f"the broker does not show {name} its topics; its log is kafka.log")


def command_line(folder: Path, topic: str) -> str:
    """Return the one command that shows the first records."""
    return f"cd {folder} && kcat -F kafka.properties -C -t {topic} -o beginning -f '%k %s\\n'"


def _rights(name: str, topics: Iterable[str]) -> set[Right]:
    """Reading the topics, alone or in groups called like the partner."""
    reading = OPERATIONS["Read"], OPERATIONS["Describe"]
    rights = {Right(KINDS["topic"], topic, LITERAL, operation) for topic in topics for operation in reading}
    rights.add(Right(KINDS["group"], name, LITERAL, OPERATIONS["Read"]))
    rights.add(Right(KINDS["group"], f"{name}.", PREFIXED, OPERATIONS["Read"]))
    return rights


def _partner_of(user: str) -> str:
    return user.rpartition(".")[0]


def _topics(rights: set[Right]) -> tuple[str, ...]:
    return tuple(sorted({right.name for right in rights if right.kind == KINDS["topic"]}))
