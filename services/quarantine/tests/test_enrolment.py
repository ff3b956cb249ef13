"""A phone is enrolled by a code from the officer and acts for its own people only, until it is revoked."""

import base64
import time
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from common.http.auth import Verifier
from common.http.citizens import CitizenIssuer
from common.http.jwks import StaticJwks
from common.testing.sign_in import bearer, sample_jwks, token
from quarantine.views.credentials import Challenges, Tries, new_code, normal_code
from services.quarantine.tests.test_routes import ORDER, PERSON

OFFICER = bearer("health_officer", ["05443"])
OFFICER_ELSEWHERE = bearer("health_officer", ["05500"])


def _text(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32)).decode().rstrip("=")


class Handset:
    """A phone: a key pair that never leaves it."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.device_id = ""

    @property
    def jwk(self) -> dict[str, str]:
        numbers = self.key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": _text(numbers.x), "y": _text(numbers.y)}

    async def enrol(self, code: str, *, agreed: bool = True) -> Any:
        texts = (await self.client.get("/v1/consents")).json()["items"]
        consents = [{"purpose": t["purpose"], "version": t["version"]} for t in texts if t["is_required"]]
        body = {"code": code, "public_key": self.jwk, "consents": consents if agreed else []}
        reply = await self.client.post("/v1/devices", json=body)
        self.device_id = reply.json().get("device_id", "")
        return reply

    async def ask(self, person_id: str, *, challenge: str = "", key: Any = None) -> Any:
        if not challenge:
            challenge = (await self.client.post("/v1/device-challenges")).json()["challenge"]
        said = f"la-chan-token|{self.device_id}|{person_id}|{challenge}".encode()
        r, s = utils.decode_dss_signature((key or self.key).sign(said, ec.ECDSA(hashes.SHA256())))
        signature = base64.urlsafe_b64encode(r.to_bytes(32) + s.to_bytes(32)).decode().rstrip("=")
        body = {"person_id": person_id, "challenge": challenge, "signature": signature}
        return await self.client.post(f"/v1/devices/{self.device_id}/tokens", json=body)

    async def headers(self, person_id: str) -> dict[str, str]:
        reply = await self.ask(person_id)
        assert reply.status_code == 201, reply.text
        return {"Authorization": f"Bearer {reply.json()['access_token']}"}


async def ordered(running: Any, **changes: Any) -> str:
    reply = await running.client.post("/v1/cases", json={**ORDER, **changes}, headers=OFFICER)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["person_id"])


def somebody(number: int) -> dict[str, Any]:
    name = ("Mẫu Thị Hai", "Mẫu Thị Ba", "Mẫu Thị Tư", "Mẫu Thị Năm")[number % 4]
    return {**PERSON, "cccd": f"0191840{number:05}", "full_name": name}


@pytest.fixture
async def family(running):
    """Two of one household, and a stranger of the same commune."""
    mother = await ordered(running, household_id="ho-1")
    child = await ordered(running, person=somebody(2), household_id="ho-1", confirm=True)
    stranger = await ordered(running, person=somebody(3), household_id="ho-2", confirm=True)
    return mother, child, stranger


async def code_for(running: Any, person_id: str, *members: str, headers: Any = OFFICER) -> Any:
    path = f"/v1/cases/{person_id}/enrolments"
    return await running.client.post(path, json={"members": list(members)}, headers=headers)


async def test_a_phone_is_enrolled_once_and_declares_for_the_family(running, family):
    mother, child, stranger = family
    given = (await code_for(running, mother, child)).json()
    phone = Handset(running.client)

    bound = await phone.enrol(given["code"].lower().replace("-", " "))

    assert bound.status_code == 201
    assert [one["person_id"] for one in bound.json()["people"]] == [mother, child]
    assert given["code"] not in str(running.service.runtime.stores)
    assert given["link"].endswith(f"/toi#ma={given['code']}")
    assert given["qr_svg"].startswith("data:image/svg+xml;base64,")
    for person_id in (mother, child):
        headers = await phone.headers(person_id)
        me = await running.client.get("/v1/me", headers=headers)
        assert me.json()["person_id"] == person_id
        report = {"reported_at": running.clock.now().isoformat(), "temperature_celsius": 36.6, "symptoms": []}
        path = f"/v1/cases/{person_id}/reports"
        assert (await running.client.post(path, json=report, headers=headers)).status_code == 201
    assert (await phone.ask(stranger)).status_code == 403
    assert (await running.client.get(f"/v1/cases/{stranger}", headers=headers)).status_code == 404
    assert (await running.client.get("/v1/cases", headers=headers)).status_code == 403
    again = await Handset(running.client).enrol(given["code"])
    assert (again.status_code, again.json()["type"]) == (404, "urn:la-chan:problem:code-not-good")
    assert (await phone.enrol(given["code"])).status_code == 201  # the answer was lost: the same phone again


async def test_a_code_is_given_for_the_family_and_area_only(running, family):
    mother, _, stranger = family

    assert (await code_for(running, mother, stranger)).status_code == 422
    assert (await code_for(running, mother, headers=OFFICER_ELSEWHERE)).status_code == 404
    assert (await code_for(running, "pnobody")).status_code == 404


async def test_an_old_code_is_worth_nothing(running, family):
    given = (await code_for(running, family[0])).json()
    running.clock.move(timedelta(hours=72))

    assert (await Handset(running.client).enrol(given["code"])).status_code == 404


async def test_without_the_required_agreement_nothing_is_enrolled(running, family):
    given = (await code_for(running, family[0])).json()

    refused = await Handset(running.client).enrol(given["code"], agreed=False)

    assert refused.json()["type"] == "urn:la-chan:problem:consent-missing"
    phone = Handset(running.client)
    assert (await phone.enrol(given["code"])).status_code == 201
    mine = await running.client.get("/v1/me/phones", headers=await phone.headers(family[0]))
    [shown] = mine.json()["items"]
    assert {one["purpose"] for one in shown["consents"]} == {"care", "phone"}
    assert all(one["version"] and one["at"] for one in shown["consents"])


async def test_a_token_needs_the_key_of_the_phone_and_a_fresh_challenge(running, family):
    phone = Handset(running.client)
    await phone.enrol((await code_for(running, family[0])).json()["code"])
    challenge = (await running.client.post("/v1/device-challenges")).json()["challenge"]

    assert (await phone.ask(family[0], challenge=challenge)).status_code == 201
    assert (await phone.ask(family[0], challenge=challenge)).status_code == 403  # replayed
    assert (await phone.ask(family[0], challenge=challenge[:-2] + "xx")).status_code == 403
    stolen = ec.generate_private_key(ec.SECP256R1())
    assert (await phone.ask(family[0], key=stolen)).status_code == 403
    moment = time.time()
    old = Challenges(b"k" * 32, lambda: moment - 61).new()
    assert not Challenges(b"k" * 32, lambda: moment).is_good(old)
    assert Challenges(b"k" * 32, lambda: moment - 30).is_good(old)
    assert not Challenges(b"x" * 32, lambda: moment - 30).is_good(old)


async def test_an_officer_of_the_area_revokes_a_lost_phone(running, family):
    phone = Handset(running.client)
    await phone.enrol((await code_for(running, family[0])).json()["code"])
    path = f"/v1/enrolments/{phone.device_id}/revocation"

    assert (await running.client.post(path, headers=OFFICER_ELSEWHERE)).status_code == 403
    assert (await running.client.post(path, headers=OFFICER)).json()["status"] == "revoked"
    assert (await phone.ask(family[0])).status_code == 403
    [kept] = [stored.state for stored in running.stores.phones.enrolments.aggregates.values()]
    assert kept.phone.public_key == ""
    assert all(consent.withdrawn_at for consent in kept.consents)


async def test_people_take_their_data_along_and_delete_what_may_be_deleted(running, family):
    phone = Handset(running.client)
    await phone.enrol((await code_for(running, family[0])).json()["code"])
    headers = await phone.headers(family[0])

    data = (await running.client.get("/v1/me/data", headers=headers)).json()
    erased = (await running.client.post("/v1/me/erasure", headers=headers)).json()

    assert data["file"]["person"]["full_name"] == PERSON["full_name"]
    assert {"declarations", "readings", "phones", "kept"} <= data.keys()
    assert erased["phones_forgotten"] == 1
    assert {one["code"]: one["keep_days"] for one in erased["kept"]}["declarations"] == 365
    assert (await phone.ask(family[0])).status_code == 403


async def test_guessing_is_slowed_down_by_address(running, family):
    for _ in range(20):
        assert (await Handset(running.client).enrol("AAAAA-AAAAA")).status_code == 404
    given = (await code_for(running, family[0])).json()

    assert (await Handset(running.client).enrol(given["code"])).status_code == 429


def test_tries_are_forgotten_after_ten_minutes():
    at = 0.0
    tries = Tries(lambda: at)
    for _ in range(20):
        tries.note("here")
    assert tries.is_spent("here")
    assert not tries.is_spent("there")
    at = 600.0
    assert not tries.is_spent("here")


def test_a_code_is_read_as_people_write_it():
    assert normal_code(" abcde-fghjk ") == "ABCDEFGHJK"
    assert normal_code("OIL00-11111") == "0110011111"
    assert len({new_code() for _ in range(200)}) == 200


async def test_a_phones_token_is_a_citizens_and_nobody_elses():
    issuer = CitizenIssuer(b"s" * 32, issuer="https://toi", audience="la-chan")
    verifier = Verifier("http://127.0.0.1:8100/oidc", "la-chan", sample_jwks())
    verifier.believe_citizens_of("https://toi", StaticJwks(issuer.jwks()))

    actor = (await verifier.session(issuer.token("d1", "p1"))).actor

    assert (actor.roles, actor.area_codes, actor.person_id) == ({"citizen"}, frozenset(), "p1")
    assert (await verifier.session(token("doctor"))).actor.roles == {"doctor"}
    await _refused(verifier, CitizenIssuer(b"t" * 32, issuer="https://toi", audience="la-chan"))
    await _refused(verifier, CitizenIssuer(b"s" * 32, issuer="https://another", audience="la-chan"))
    await _refused(verifier, CitizenIssuer(b"s" * 32, issuer="https://toi", audience="another"))
    long_ago = time.time() - 700
    await _refused(
        verifier, CitizenIssuer(b"s" * 32, issuer="https://toi", audience="la-chan", now=lambda: long_ago)
    )


async def _refused(verifier: Verifier, issuer: CitizenIssuer) -> None:
    with pytest.raises(Exception, match="401"):
        await verifier.session(issuer.token("d1", "p1"))


async def test_an_issuer_of_phones_makes_no_officer():
    """Even with its key a stolen issuer gives nobody a role or an area of staff."""
    from joserfc import jwt

    issuer = CitizenIssuer(b"s" * 32, issuer="https://toi", audience="la-chan")
    verifier = Verifier("http://127.0.0.1:8100/oidc", "la-chan", sample_jwks())
    verifier.believe_citizens_of("https://toi", StaticJwks(issuer.jwks()))
    claims = {
        "iss": "https://toi", "aud": "la-chan", "sub": "x", "exp": int(time.time()) + 60,
        "roles": ["citizen", "administrator"], "areas": ["19"], "person_id": "p1",
    }  # fmt: skip
    forged = jwt.encode({"alg": "ES256"}, claims, issuer._key, algorithms=["ES256"])

    actor = (await verifier.session(forged)).actor

    assert (actor.roles, actor.area_codes) == ({"citizen"}, frozenset())
