"""The doctor's page speaks both languages, and every text that it asks for exists."""

import json
import re
from pathlib import Path

import f0_monitoring
from common.contracts.f0_monitoring import followup
from f0_monitoring.domain import acts, carers, equipment
from f0_monitoring.domain.attention import Role
from f0_monitoring.domain.followup import BY_HAND, DUE, ROSE
from f0_monitoring.domain.model import CareState, Level
from f0_monitoring.translate.timeline import EQUIPMENT_FACTS, PATIENT_FACTS, REPORT_FACTS, TRANSFER_FACTS
from f0_monitoring.views.worklist import Tab

PAGES = Path(f0_monitoring.__file__).parent / "pages"
SHELL = Path(f0_monitoring.__file__).parents[4] / "libs/common/src/common/web/static/locales"


def texts(language: str) -> dict[str, str]:
    loaded: dict[str, str] = json.loads((PAGES / "locales" / f"{language}.json").read_text("utf-8"))
    return loaded


def test_both_languages_have_the_same_texts_with_the_same_blanks() -> None:
    vi, en = texts("vi"), texts("en")
    blanks = re.compile(r"\{\w+\}")

    assert set(vi) == set(en)
    assert [key for key in vi if set(blanks.findall(vi[key])) != set(blanks.findall(en[key]))] == []


def test_every_text_that_the_scripts_name_exists() -> None:
    shell = json.loads((SHELL / "vi.json").read_text("utf-8"))
    scripts = "".join(script.read_text("utf-8") for script in PAGES.glob("*.js"))
    named = set(re.findall(r"""\bt\(\s*'([a-z0-9._-]+)'""", scripts))
    named |= set(re.findall(r"""'(doctor\.[a-z0-9._-]*[a-z0-9])'""", scripts))

    assert len(named) > 80
    assert sorted(named - set(texts("vi")) - set(shell)) == []


def test_every_code_of_the_service_has_its_words() -> None:
    vi = texts("vi")
    codes = {
        "risk": Level,
        "care": CareState,
        "tab": Tab,
        "role": Role,
        "device": equipment.EquipmentKind,
        "call": acts.CallResult,
        "fact.call": acts.CallResult,
        "knocked": acts.KnockResult,
        "fact.knock": [*acts.KnockResult, "withdrawn"],
        "bag": acts.MedicineBag,
        "fact.awake": (DUE, ROSE, BY_HAND),
        "because": (carers.NEW, carers.MANUAL, carers.RELEASED, carers.OFF_DUTY, carers.FULL, carers.BACK),
    }

    missing = [
        f"doctor.{g}.{code}" for g, words in codes.items() for code in words if f"doctor.{g}.{code}" not in vi
    ]

    assert missing == []


def test_the_timeline_has_words_for_every_fact_that_it_files() -> None:
    story = (PAGES / "story.js").read_text("utf-8")
    filed = [*PATIENT_FACTS, *REPORT_FACTS, *EQUIPMENT_FACTS, *TRANSFER_FACTS]

    assert followup.CallLogged in filed
    assert [kind.type for kind in filed if f"'{kind.type.split('.')[1]}'" not in story] == []
