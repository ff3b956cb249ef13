"""A rule file with something missing in it stops the service before it can decide about anybody."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from common.rules import Confidence, RuleFileInvalid
from f0_monitoring.rulebook import load_risk_rules

RULES = Path(__file__).parents[3] / "rules"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
File = dict[str, Any]


@pytest.fixture
def change(tmp_path: Path) -> Callable[[str, Callable[[File], None]], Path]:
    """Copy the rules and change one file of them."""
    shutil.copytree(RULES / "risk", tmp_path / "risk")

    def changed(name: str, by: Callable[[File], None]) -> Path:
        path = tmp_path / "risk" / name
        file = yaml.load(path.read_text("utf-8"), LOADER)
        by(file)
        path.write_text(json.dumps(file, default=str), "utf-8")  # JSON is YAML, and quick
        return tmp_path

    return changed


def sign(file: File, code: str) -> File:
    [row] = [row for row in file["signs"] if row["code"] == code]
    return row


def test_the_rules_as_they_are_can_be_loaded(change) -> None:
    assert load_risk_rules(change("criteria/261-2022.yaml", lambda file: None)).wording


@pytest.mark.parametrize(
    "field", ["title", "title_en", "document", "effective_from", "confidence", "note", "note_vi"]
)
def test_a_file_says_its_document_its_day_and_how_sure_we_are(change, field: str) -> None:
    folder = change("criteria/261-2022.yaml", lambda file: file.pop(field))

    with pytest.raises(RuleFileInvalid, match=rf"261-2022.yaml(.|\n)*{field}"):
        load_risk_rules(folder)


@pytest.mark.parametrize(
    "field", ["label", "label_en", "meaning", "meaning_en", "confidence", "level", "code"]
)
def test_a_sign_has_words_in_both_languages_and_a_mark(change, field: str) -> None:
    folder = change("criteria/261-2022.yaml", lambda file: sign(file, "warning-spo2").pop(field))

    with pytest.raises(RuleFileInvalid, match=field):
        load_risk_rules(folder)


@pytest.mark.parametrize("field", ["label_en", "threshold", "threshold_en", "confidence"])
def test_a_person_criterion_has_words_in_both_languages_and_a_mark(change, field: str) -> None:
    folder = change("criteria/5525-2021.yaml", lambda file: file["people"][0].pop(field))

    with pytest.raises(RuleFileInvalid, match=field):
        load_risk_rules(folder)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"at_most": None}, "exactly one of"),
        ({"below": 94}, "exactly one of"),
        ({"unconfirmed_level": "very_high"}, "a doubt cannot weigh more"),
        ({"unconfirmed_level": None, "unanswered_minutes": 5}, "nothing to answer"),
        ({"from_years": 12, "below_years": 12}, "meant for nobody"),
        ({"at_most": 960}, "no measurement can cross 960"),
        ({"level": "very_high"}, "danger signs, and only they"),
        ({"after_level": "medium"}, "after_level goes with missed_in_a_row"),
        ({"note": "Only in English."}, "said in both"),
        ({"at_most": None, "any_of": ["fever"]}, "any_of goes with symptom"),
        ({"at_most": None, "any_of": ["fevre"], "measure": "symptom"}, "not on the form: fevre"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_sign_that_makes_no_sense_is_refused(change, changes: File, words: str) -> None:
    def spoil(file: File) -> None:
        row = sign(file, "warning-spo2")
        row.update(changes)
        for name in [name for name, value in row.items() if value is None]:
            del row[name]

    with pytest.raises(RuleFileInvalid, match=words):
        load_risk_rules(change("criteria/261-2022.yaml", spoil))


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("261-2022", {"effective_from": "2022-02-01"}, "nothing of 'home-care' is in force|does not begin"),
        ("261-2022", {"effective_to": "2022-03-12"}, "nothing of 'home-care' is in force"),
        ("261-2022", {"effective_to": "2022-03-14"}, "in force on the same day"),
        ("4038-2021", {"effective_to": "2022-01-31"}, "in force on the same day"),
        ("261-2022", {"effective_to": "2022-01-01"}, "before effective_from"),
        ("261-2022", {"document_date": "2022-02-01"}, "before the day of the document"),
        ("528-2022", {"replaced_by": "600-2022"}, "'600-2022' does not begin the day after"),
        ("528-2022", {"replaced_by": ""}, "belong together"),
        ("604-2022", {"replaced_by": "700-2023"}, "belong together"),
        ("604-2022", {"to_be_confirmed": False}, "to_be_confirmed"),
        ("528-2022", {"to_be_confirmed": False, "confidence": "secondary"}, "to_be_confirmed"),
        ("604-2022", {"version": "261-2022"}, "used twice"),
    ],
)  # fmt: skip
def test_a_calendar_with_gaps_or_doubles_is_refused(change, name: str, changes: File, words: str) -> None:
    with pytest.raises(RuleFileInvalid, match=words):
        load_risk_rules(change(f"criteria/{name}.yaml", lambda file: file.update(changes)))


def test_a_criterion_in_two_files_of_one_day_is_refused(change) -> None:
    def doubled(file: File) -> None:
        file["signs"].append({**sign(file, "spo2-fall"), "code": "warning-spo2"})

    with pytest.raises(RuleFileInvalid, match=r"in force twice on .*: warning-spo2"):
        load_risk_rules(change("criteria/trend-2021.yaml", doubled))


def test_silence_says_after_which_level(change) -> None:
    folder = change(
        "criteria/trend-2021.yaml", lambda file: sign(file, "silence-after-bad-value").pop("after_level")
    )

    with pytest.raises(RuleFileInvalid, match="after_level"):
        load_risk_rules(folder)


def test_a_form_is_owed_from_the_first_day_of_the_rules(change) -> None:
    folder = change("course/course-2021.yaml", lambda file: file.update(effective_from="2021-08-01"))

    with pytest.raises(RuleFileInvalid, match="no form of declaration is in force on 2021-07-31"):
        load_risk_rules(folder)


def test_every_number_that_was_not_read_is_marked_so() -> None:
    for file in load_risk_rules(RULES).criteria.versions:
        assert file.to_be_confirmed, f"{file.version}: no clinician has signed it yet"
        assert all(row.confidence in Confidence for row in (*file.people, *file.signs))
