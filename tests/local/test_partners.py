"""What a partner may be granted, and the keys it is given, without a broker."""

import asyncio
import re
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509

from common.contracts.base import PersonFact
from common.contracts.registry import PAYLOADS
from common.messaging.catalogue import load
from deploy.local.checkout import ROOT, free_ports
from deploy.local.partner_keys import Authority, known_as
from deploy.local.partners import NotGranted, Partners, _rights
from deploy.local.services import Place


@pytest.fixture
def partners(tmp_path: Path) -> Partners:
    return Partners(Place(tmp_path, free_ports(), "", "127.0.0.1:1"))


def test_topics_for_partners_tell_of_nobody():
    catalogue = load()
    facts = [PAYLOADS[kind] for name in catalogue.for_partners for kind in catalogue.topic(name).types]

    assert "ioc.areas.v1" in catalogue.for_partners
    assert not [fact for fact in facts if issubclass(fact, PersonFact)]


@pytest.mark.parametrize(
    ("name", "topics", "reason"),
    [
        ("benh-vien-x", ["f0.reports.v1"], r"not for partners: f0\.reports\.v1.*ioc\.areas\.v1"),
        ("benh-vien-x", ["ioc.areas.v1", "ioc.areas.v2"], r"not for partners: ioc\.areas\.v2"),
        ("benh-vien-x", [], r"Partners may be granted .*ioc\.areas\.v1"),
        ("permit", ["ioc.areas.v1"], "name of a service"),
        ("../x", ["ioc.areas.v1"], "small letters"),
        ("a.b", ["ioc.areas.v1"], "small letters"),
        ("benh-vien-x", ["ioc.areas.v1"], "nothing listens for partners"),
    ],
)
def test_what_cannot_be_granted_is_refused_with_the_reason(
    partners: Partners, name: str, topics: list[str], reason: str
):
    with pytest.raises(NotGranted, match=reason):
        asyncio.run(partners.grant(name, topics))
    assert not partners.folder("benh-vien-x").exists()


def test_every_key_is_known_by_a_name_of_its_own_and_only_its_owner_may_read_the_authority(tmp_path: Path):
    authority = Authority(tmp_path / "keys")
    (first, key), (second, _) = authority.partner("so-y-te"), authority.partner("so-y-te")

    assert known_as(key) == first != second
    assert first.startswith("so-y-te.")
    assert Authority(tmp_path / "keys").text == authority.text  # made once
    assert stat.S_IMODE((tmp_path / "keys/ca.pem").stat().st_mode) == 0o600
    issuer = x509.load_pem_x509_certificate(authority.text.encode("ascii"))
    x509.load_pem_x509_certificate(key.encode("ascii")).verify_directly_issued_by(issuer)


def test_the_user_for_kubernetes_may_what_a_partner_on_a_laptop_may():
    page = (ROOT / "docs/operations/partners.md").read_text("utf-8")
    blocks = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    user: dict[str, Any] = yaml.safe_load(blocks[1])
    acls = {
        (acl["resource"]["type"], acl["resource"]["name"], acl["resource"]["patternType"], operation)
        for acl in user["spec"]["authorization"]["acls"]
        for operation in acl["operations"]
    }
    kinds, patterns = {2: "topic", 3: "group"}, {3: "literal", 4: "prefix"}
    operations = {3: "Read", 8: "Describe"}

    assert acls == {
        (kinds[right.kind], right.name, patterns[right.pattern], operations[right.operation])
        for right in _rights("benh-vien-x", ["ioc.areas.v1"])
    }
