"""Keys: an envelope opens with its passphrase only, and a database knows the keys it was written with."""

import base64

import pytest

from common.envelope import MAGIC, NotOpened, main, seal, unseal
from common.mongo.key_marks import ForeignKeys, _refuse_others, marks_of
from common.settings import ServiceSettings

PASSPHRASE = "một câu đủ dài"


def named(key_id, key):
    return f"{key_id}:{base64.b64encode(key).decode()}"


OLD = named("k1", b"v" * 32)


def settings(person=b"p" * 32, vault=OLD):
    return ServiceSettings(
        mongo_uri="mongodb://nowhere",
        kafka_bootstrap="nowhere:1",
        oidc_issuer="http://nowhere",
        person_key=base64.b64encode(person).decode(),
        vault_keys=vault,
    )


@pytest.fixture(scope="module")
def sealed():
    return seal(b"keys", PASSPHRASE)


def test_an_envelope_opens_with_its_passphrase_only(sealed):
    assert unseal(sealed, PASSPHRASE) == b"keys"
    assert b"keys" not in sealed
    with pytest.raises(NotOpened):
        unseal(sealed, "một câu khác hẳn")


def test_a_changed_envelope_does_not_open(sealed):
    for changed in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:20], b"", b"X" + sealed[1:], MAGIC):
        with pytest.raises(NotOpened):
            unseal(changed, PASSPHRASE)


def test_a_short_passphrase_is_refused():
    with pytest.raises(ValueError, match="12"):
        seal(b"keys", "ngắn")


def test_the_command_prints_what_is_in_an_envelope(tmp_path, sealed, monkeypatch, capfdbinary):
    (tmp_path / "keys.envelope").write_bytes(sealed)
    monkeypatch.setenv("LACHAN_ENVELOPE_PASSPHRASE", PASSPHRASE)
    assert main(["open", str(tmp_path / "keys.envelope")]) == 0
    assert capfdbinary.readouterr().out == b"keys"


def test_another_key_is_noticed_and_a_new_one_is_welcome():
    known = marks_of(settings())
    assert set(known) == {"person", "vault:k1"}
    assert all(len(mark) == 16 for mark in known.values())
    rotated = named("k2", b"w" * 32) + "," + OLD
    _refuse_others(marks_of(settings(vault=rotated)), known)
    with pytest.raises(ForeignKeys, match="person"):
        _refuse_others(marks_of(settings(person=b"q" * 32)), known)
    with pytest.raises(ForeignKeys, match="vault:k1"):
        _refuse_others(marks_of(settings(vault=named("k1", b"w" * 32))), known)
