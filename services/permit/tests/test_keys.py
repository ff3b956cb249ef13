"""Keys from the administrator's side: limited ones, an emergency, and that no private part is ever seen."""

import logging
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from common.credential.keys import VerificationKey
from common.credential.trust_list import read
from permit.domain.keyring import SIGNS_FOR
from permit.views.cabinet import KEY_CLASS
from services.permit.tests.conftest import IDENTITY, Province
from services.permit.tests.samples import HOUR, NOW


def person(last: str) -> dict[str, Any]:
    return {**IDENTITY, "cccd": f"019084000{last}"}


async def kids(province: Province) -> list[str]:
    return [key["kid"] for key in (await province.get("/v1/keys", "administrator")).json()["items"]]


async def test_a_stolen_key_in_use_counts_no_more_and_holders_get_a_good_code_at_once(
    province: Province,
) -> None:
    permit = (await province.apply()).json()
    [stolen] = await kids(province)
    refused = await province.post(f"/v1/keys/{stolen}/revocation", {}, "administrator")
    assert refused.status_code == 409, "by habit nobody stops all signing"
    said = await province.post(f"/v1/keys/{stolen}/revocation", {"is_emergency": True}, "administrator")
    assert [key["status"] for key in said.json()["items"]] == ["revoked", "active"]
    assert (await province.scan(qr=permit["qr"]))["reason_code"] == "key-revoked"
    again = (await province.get(f"/v1/permits/{permit['permit_id']}", "permit_officer")).json()
    assert (await province.scan(qr=again["qr"]))["verdict"] == "allowed"


async def test_a_scanner_sees_the_emergency_in_the_next_signed_list(province: Province) -> None:
    [stolen] = await kids(province)
    before = (await province.get("/v1/trust-list", "checkpoint_officer")).json()
    await province.post(f"/v1/keys/{stolen}/revocation", {"is_emergency": True}, "administrator")
    after = (await province.get("/v1/trust-list", "checkpoint_officer")).json()
    root = VerificationKey(b64decode(before["root"]), NOW, NOW, NOW)
    seen = read(b64decode(after["cose"]), root, NOW, newest_seen=before["sequence"])
    assert {key.kid.hex(): str(key.status) for key in seen.keys}[stolen] == "revoked"
    with pytest.raises(Exception, match="list-rolled-back"):
        read(b64decode(before["cose"]), root, NOW, newest_seen=seen.sequence)


async def test_a_limited_key_signs_its_own_kind_and_verifiers_refuse_anything_else_of_it(
    province: Province,
) -> None:
    body = {"categories": ["essential-goods"], "areas": ["164", "165", "172"]}
    made = (await province.post("/v1/keys/rotation", body, "administrator")).json()["items"]
    limited = made[-1]
    assert limited["areas"] == ["164", "165", "172"]
    assert len(limited["categories"]) == 1
    own = (await province.apply()).json()
    other = (await province.apply(person=person("555"), category="worker", areas=["19"])).json()
    assert (await province.scan(qr=own["qr"]))["verdict"] == "allowed"
    assert (await province.scan(qr=other["qr"]))["verdict"] == "allowed"
    await province.post(f"/v1/keys/{limited['kid']}/revocation", {}, "administrator")
    assert (await province.scan(qr=own["qr"]))["reason_code"] == "key-revoked"
    assert (await province.scan(qr=other["qr"]))["verdict"] == "allowed"


@pytest.mark.parametrize(
    ("body", "status"),
    [({"categories": ["nobody"]}, 422), ({"areas": ["99999"]}, 422), ({"areas": ["nowhere"]}, 422)],
)
async def test_a_scope_that_does_not_exist_makes_no_key(
    province: Province, body: dict[str, Any], status: int
) -> None:
    reply = await province.post("/v1/keys/rotation", body, "administrator")
    assert reply.status_code == status
    assert len(await kids(province)) == 1


async def test_accept_until_is_shortened_and_longer_permits_are_signed_anew(province: Province) -> None:
    permit = (await province.apply()).json()
    [first] = await kids(province)
    await province.post("/v1/keys/rotation", {}, "administrator")
    path, until = f"/v1/keys/{first}/accept-until", NOW + 2 * HOUR
    assert (await province.put(path, {"accept_until": until.isoformat()})).status_code == 200
    later = {"accept_until": (NOW + timedelta(days=300)).isoformat()}
    assert (await province.put(path, later)).status_code == 422
    said = await province.scan(qr=permit["qr"])
    assert said["reason_code"] == "outside-key-period", "a code that outlives its key is refused at once"
    again = (await province.get(f"/v1/permits/{permit['permit_id']}", "permit_officer")).json()
    assert (await province.scan(qr=again["qr"]))["verdict"] == "allowed"


async def test_the_service_changes_its_key_before_it_grows_old(province: Province) -> None:
    signing, work = province.part("registers")._signing, province.part("ring")
    province.clock.move(SIGNS_FOR - timedelta(days=13))
    for _ in range(2):
        await signing.rotate_when_due(work)
    keys = (await province.get("/v1/keys", "administrator")).json()["items"]
    assert [key["status"] for key in keys] == ["retired", "active"]


def spellings(private: ec.EllipticCurvePrivateKey) -> Iterator[bytes]:
    """The ways in which a private key could lie about: the number itself and its usual wrappings."""
    number = private.private_numbers().private_value.to_bytes(32, "big")
    wrapped = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for secret in (number, wrapped):
        yield secret
        yield secret.hex().encode()
        yield secret.hex().upper().encode()
        yield b64encode(secret).rstrip(b"=")[:40]
        yield urlsafe_b64encode(secret).rstrip(b"=")[:40]
    yield str(int.from_bytes(number, "big")).encode()


async def test_no_private_key_is_stored_open_answered_or_logged(
    province: Province, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    permit = (await province.apply()).json()
    [first] = await kids(province)
    said = [
        (await province.post(f"/v1/keys/{first}/revocation", {"is_emergency": True}, "administrator")).text,
        (await province.post("/v1/keys/rotation", {"areas": ["164"]}, "administrator")).text,
        (await province.get("/v1/keys", "administrator")).text,
        (await province.get("/v1/trust-list", "checkpoint_officer")).text,
        (await province.post("/v1/keys/0000000000000000/revocation", {}, "administrator")).text,
        (await province.scan(qr=permit["qr"]))["reason_code"],
    ]
    ring = await province.stores.ring.ring()
    printed = capsys.readouterr()
    seen = "\n".join([*said, caplog.text, printed.out, printed.err, repr(ring)]).encode()
    keys = [ring.root, *(key.key for key in ring.keys)]
    assert len(keys) == 4
    for key in keys:
        opened = province.runtime.vault.open(key.sealed, data_class=KEY_CLASS)
        private = serialization.load_der_private_key(b64decode(opened["pkcs8"]), password=None)
        assert isinstance(private, ec.EllipticCurvePrivateKey)
        assert [spelled for spelled in spellings(private) if spelled in seen] == []
