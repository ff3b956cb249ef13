"""A partner who follows docs/partner-quickstart.md, and nothing else, gets data; what was not granted stays shut."""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from deploy.local import kafka_jars, partner_command, running
from deploy.local.checkout import ROOT
from deploy.local.partners import NotGranted, Partners
from deploy.local.stack import Stack
from tests.integration.drivers import Town
from tests.integration.guide import Guide
from tests.integration.services import eventually

NAME = "benh-vien-x"
PROVINCE = '"area_code":"19"'
needs_kcat = pytest.mark.skipif(
    shutil.which("kcat") is None,
    reason="kcat is not installed (apt install kcat): the quick start with it is untried",
)


@pytest.fixture(scope="module")
def partners(stack: Stack) -> Partners:
    return Partners(stack.place)


@pytest.fixture(scope="module")
def said(stack: Stack) -> str:
    """What the one command of the operator says."""
    place = stack.place
    found = running.Running(running.Process.of(1), place.folder, place.ports, place.kafka_bootstrap)
    parser = argparse.ArgumentParser()
    partner_command.add_to(parser)
    with pytest.MonkeyPatch.context() as patch:
        lines: list[str] = []
        patch.setattr(running, "read", lambda: found)
        patch.setattr("builtins.print", lambda *words, **_: lines.append(" ".join(map(str, words))))
        code = partner_command.main(parser.parse_args([NAME, "--topic", "ioc.areas.v1"]))
    assert code == 0, lines
    return "\n".join(lines)


@pytest.fixture(scope="module")
def guide(said: str, partners: Partners) -> Guide:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {"PATH": path, "KAFKA_JARS": str(kafka_jars.jars())}
    return Guide(ROOT / "docs/partner-quickstart.md", partners.folder(NAME), environment)


@pytest.fixture
async def told(town: Town) -> None:
    """The province has been told about at least once."""
    await town.officer.declares(town.somebody())
    await eventually(town.ioc.figures, lambda figures: figures["f0_active"] >= 1)


@needs_kcat
async def test_kcat_shows_the_state_and_what_was_not_granted_is_refused_by_name(
    told: None, guide: Guide, said: str
):
    to_the_end, stays = guide.commands("1. Kafka, from nothing, one command")
    [printed] = [line for line in said.splitlines() if "kcat" in line]
    [refused] = guide.commands("When it does not work")

    done = guide.run(stays, until=PROVINCE)
    assert done.code is None, done.said
    done = guide.run(to_the_end)
    assert done.code == 0, done.said
    assert "19 {" in done.said
    assert guide.run(f"{printed} -e").code == 0
    done = guide.run(refused)
    assert done.code != 0
    assert "Topic f0.reports.v1 error: Broker: Topic authorization failed" in done.said
    done = guide.run("kcat -F kafka.properties -G permit.standing ioc.areas.v1", until="authorization failed")
    assert "Group authorization failed" in done.said


async def test_python_and_java_show_it_too(told: None, guide: Guide):
    [python] = guide.commands("2. The same in Python")
    done = guide.run(python, until=" F0: ")
    assert done.code is None, done.said

    [java] = guide.commands("3. The same in Java")
    done = guide.run(java, until=PROVINCE)
    assert done.code is None, done.said


async def test_http_and_the_stream_show_it_too(told: None, guide: Guide):
    answers = [guide.run(command) for command in guide.commands("4. HTTP")]
    assert len(answers) == 4
    for done in answers:
        assert done.code == 0, done.said
        assert json.loads(done.said)

    [stream] = guide.commands("5. A live stream")
    done = guide.run(stream, until="event: snapshot")
    assert done.code is None, done.said


async def test_a_partner_is_granted_nothing_about_people(partners: Partners):
    with pytest.raises(NotGranted, match=r"not for partners: f0\.reports\.v1"):
        await partners.grant("benh-vien-y", ["ioc.areas.v1", "f0.reports.v1"])
    with pytest.raises(NotGranted, match="name of a service"):
        await partners.grant("permit", ["ioc.areas.v1"])
    assert "benh-vien-y" not in {partner.name for partner in await partners.all()}


async def test_another_grant_replaces_the_first_and_a_revoked_key_stays_shut(
    partners: Partners, tmp_path: Path
):
    folder = await partners.grant("so-y-te", ["ioc.areas.v1"])
    key = (folder / "partner.pem").read_text("ascii")
    await partners.grant("so-y-te", ["permit.directives.v1"])
    assert (folder / "partner.pem").read_text("ascii") == key
    assert {p.name: p.topics for p in await partners.all()}["so-y-te"] == ("permit.directives.v1",)

    old = shutil.copytree(folder, tmp_path / "kept")
    await partners.revoke("so-y-te")
    assert not folder.exists()
    await partners.grant("so-y-te", ["permit.directives.v1"])
    assert await partners.shown(folder) == {"permit.directives.v1"}
    assert await partners.shown(old) == set()
    await partners.revoke("so-y-te")
    with pytest.raises(NotGranted, match="no partner"):
        await partners.revoke("so-y-te")
