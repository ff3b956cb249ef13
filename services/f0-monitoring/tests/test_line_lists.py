"""
Real line lists with their real dirt, where somebody has them: LA_CHAN_LINE_LISTS names the folder.

The files (readr-media/readr-data, CC0; parksw3/COVID19-Korea, MIT) are no part of this repository, so these
tests are extra. Every row must end as a declaration or with a sentence, the same in every run, and junk days
("2021–5=26", "×", "unknown") must never become a day.
"""

import csv
import os
import re
from collections import Counter
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from common.sheets.residents import office_of
from f0_monitoring.views.lists.reading import read_cases

sheets = import_module("services.f0-monitoring.tests.sheets")
FOLDER = os.environ.get("LA_CHAN_LINE_LISTS", "")
TITLES = "STT|Họ tên|Tuổi|Giới tính|SĐT|Địa chỉ|Ngày dương tính|Ngày khởi phát|Bệnh nền".split("|")  # noqa: SIM905
MOST = 2_000
FILES = {
    "taiwan_cases_CC0.csv": ("gender", "confirmed_date", "show_symptoms", "medical_history"),
    "korea_linelist_MIT.csv": ("sex", "date_confirm", "date_onset", "preexisting_conditions"),
}
TODAY = {"taiwan_cases_CC0.csv": date(2022, 4, 30), "korea_linelist_MIT.csv": date(2020, 3, 31)}
pytestmark = pytest.mark.skipif(not FOLDER, reason="LA_CHAN_LINE_LISTS is not set")


def rows_of(name: str) -> list[list[Any]]:
    sex, tested, onset, diseases = FILES[name]
    with (Path(FOLDER) / name).open(encoding="utf-8", errors="replace", newline="") as lines:
        found = list(csv.DictReader(lines))[-MOST:]
    said = {"male": "Nam", "female": "Nữ", "M": "Nam", "F": "Nữ"}
    return [
        [
            n,
            "Nguyễn Mẫu",
            "".join(re.findall(r"\d", row.get("age") or ""))[:3],  # "Above 20" is a band
            said.get(row.get(sex, ""), row.get(sex)),
            f"0912{n:06d}",
            "Tổ 1, Phường Quang Vinh",
            row.get(tested),
            row.get(onset),
            row.get(diseases),
        ]
        for n, row in enumerate(found, start=1)
    ]


@pytest.mark.parametrize("name", FILES)
def test_every_row_ends_as_a_declaration_or_with_a_sentence(name: str) -> None:
    rows, today = rows_of(name), TODAY[name]
    data = sheets.sheet_of([TITLES, *rows])

    def counted() -> Counter[str]:
        reading = read_cases(data, sheets.UNITS, sheets.CONDITIONS, office_of({"164"}, sheets.UNITS), today)
        people = [row for row in reading.rows if row.is_person]
        assert len(people) == len(rows)
        return Counter(
            "declared" if row.body else row.faults[0].partition(":")[0] for row in people if not row.repeats
        )

    first = counted()
    assert first == counted()
    assert first["declared"] > 0
