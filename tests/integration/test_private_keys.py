"""The permit service's private keys in a dump of its whole database: sealed, whatever one looks for."""

from base64 import b64decode
from typing import Any

import bson
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from common.service import Runtime
from common.testing.sign_in import sample_jwks, sample_settings
from common.work.engine import Work
from common.work.model import Cause, Heart
from permit.domain import keyring
from permit.domain.keyring import RevokeKey, RotateKey
from permit.settings import PermitSettings
from permit.store import MongoKeyring
from permit.translate import to_event
from permit.views.cabinet import KEY_CLASS
from permit.views.signing import SigningDesk
from services.permit.tests.samples import ADMIN, Frozen
from services.permit.tests.test_keys import spellings


async def test_a_dump_of_the_database_holds_no_private_key(database: Any) -> None:
    runtime = Runtime(sample_settings(PermitSettings), clock=Frozen(), jwks=sample_jwks(), in_memory=True)
    store = MongoKeyring(database)
    work: Work[Any, Any] = Work(Heart("keyring", keyring.decide, to_event, lambda: None), store, Frozen())
    signing = SigningDesk(runtime, store, {}, "VN-19")
    await signing.establish(work)
    await work.run(RotateKey(signing.new_key(), ADMIN), Cause("rotate"))
    ring = await store.ring()
    assert ring
    await work.run(RevokeKey(ring.active.key.kid, ADMIN, signing.new_key()), Cause("emergency"))
    ring = await store.ring()
    assert ring
    dump = b"".join(
        [
            bson.encode(document)
            for name in await database.list_collection_names()
            for document in await database[name].find({}).to_list(None)
        ]
    )
    assert ring.root.spki.encode() in dump, "the dump is one"
    keys = [ring.root, *(key.key for key in ring.keys)]
    assert len(keys) == 4
    for key in keys:
        opened = runtime.vault.open(key.sealed, data_class=KEY_CLASS)
        private = serialization.load_der_private_key(b64decode(opened["pkcs8"]), password=None)
        assert isinstance(private, ec.EllipticCurvePrivateKey)
        assert [spelled for spelled in spellings(private) if spelled in dump] == []
