"""A key that lives in a PKCS #11 module (SoftHSM2 here) signs what every verifier believes."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from common.credential import travel_permit
from common.credential.keys import LocalSigner, Signer, VerificationKey, kid_of
from common.credential.pkcs11 import Module, ModuleSettings
from common.credential.refusals import Unverifiable
from common.credential.trust_list import TrustList, publish, read
from libs.common.tests.credential.samples import NOW, permit

LIBRARIES = [
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
]
LIBRARY = next((path for path in LIBRARIES if path.is_file()), None)
pkcs11 = pytest.importorskip(
    "pkcs11", reason="the optional package python-pkcs11 is not installed (extra pkcs11)"
)
pytestmark = pytest.mark.skipif(
    LIBRARY is None, reason="SoftHSM2 is not installed: a laptop has no module to sign with"
)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Module]:
    folder = tmp_path_factory.mktemp("tokens")
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        made = [
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "la-chan",
            "--so-pin",
            "5678",
            "--pin",
            "1234",
        ]
        subprocess.run(made, check=True, capture_output=True)
        opened = Module(ModuleSettings(str(LIBRARY), "la-chan", "1234"))
        yield opened
        opened.close()


def trusting(*signers: tuple[bytes, Signer]) -> TrustList:
    keys = tuple(VerificationKey(spki, NOW - DAY, NOW + DAY, NOW + 90 * DAY) for spki, _ in signers)
    return TrustList(1, NOW, NOW + DAY, keys)


def made(module: Module) -> tuple[bytes, Signer]:
    label, spki = module.generate()
    return spki, module.signer(label, spki)


def test_a_permit_signed_in_the_module_is_believed_and_a_changed_one_is_not(module: Module) -> None:
    spki, signer = made(module)
    text = travel_permit.sign(permit(), signer)
    assert signer.kid == kid_of(spki)
    assert travel_permit.verify(text, trusting((spki, signer)), NOW) == permit()
    with pytest.raises(Unverifiable):
        travel_permit.verify(text[:-2] + ("00" if text[-2:] != "00" else "11"), trusting((spki, signer)), NOW)


def test_the_trust_list_can_be_signed_by_a_root_in_the_module(module: Module) -> None:
    spki, root = made(module)
    trusted = trusting((spki, root))
    pinned = VerificationKey(spki, NOW, NOW, NOW)
    assert read(publish(trusted, root), pinned, NOW) == trusted


def test_two_keys_of_a_module_are_two_keys(module: Module) -> None:
    (one, first), (other, _) = made(module), made(module)
    assert one != other
    assert not VerificationKey(other, NOW, NOW, NOW).verifies(first.sign(b"data"), b"data")
    assert VerificationKey(one, NOW, NOW, NOW).verifies(first.sign(b"data"), b"data")


def test_a_key_cannot_be_taken_out_of_the_module(module: Module) -> None:
    label, _ = module.generate()
    session = module._open()
    private = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=label)
    with pytest.raises(pkcs11.AttributeSensitive):
        private[pkcs11.Attribute.VALUE]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of the session that was lost
def test_a_lost_session_is_opened_again_and_a_missing_key_is_said(module: Module) -> None:
    label, spki = module.generate()
    module._open().close()
    assert VerificationKey(spki, NOW, NOW, NOW).verifies(module.signer(label, spki).sign(b"x"), b"x")
    with pytest.raises(LookupError):
        module.sign("nobody", bytes(32))


def test_the_pin_is_not_shown(module: Module) -> None:
    assert "1234" not in repr(ModuleSettings("lib", "token", "1234"))
    assert LocalSigner.generate().algorithm == made(module)[1].algorithm
