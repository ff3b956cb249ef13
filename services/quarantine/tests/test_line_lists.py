"""
Real line lists with their real dirt, where somebody has them: LA_CHAN_LINE_LISTS names the folder.

The files (readr-media/readr-data, CC0; parksw3/COVID19-Korea, MIT) are no part of this repository, so these
tests are extra. Their cases stand for contacts here: who reported when becomes the last exposure. Every row
must end as an order or with a sentence, the same in every run and whether it comes as Excel or as CSV.
"""

import csv
import io
import os
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from common.sheets.residents import office_of
from quarantine.views.lists.reading import read_stays
from services.quarantine.tests.stay_sheets import UNITS, sheet_of

FOLDER = os.environ.get("LA_CHAN_LINE_LISTS", "")
TITLES = "STT|Họ tên|Tuổi|Giới tính|SĐT|Địa chỉ|Ngày tiếp xúc cuối|Ngày cách ly|Diện|Hộ".split("|")  # noqa: SIM905
MOST = 2_000
FILES = {
    "taiwan_cases_CC0.csv": ("gender", "confirmed_date", "show_symptoms", "report_reason"),
    "korea_linelist_MIT.csv": ("sex", "date_confirm", "date_self_quarantine", "source"),
}
TODAY = {"taiwan_cases_CC0.csv": date(2022, 4, 30), "korea_linelist_MIT.csv": date(2020, 3, 31)}
pytestmark = pytest.mark.skipif(not FOLDER, reason="LA_CHAN_LINE_LISTS is not set")


def rows_of(name: str) -> list[list[Any]]:
    sex, exposed, begun, source = FILES[name]
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
            row.get(exposed),
            row.get(begun),
            "Nhập cảnh" if "import" in (row.get(source) or "").lower() else "F1",
            row.get("case") or "",
        ]
        for n, row in enumerate(found, start=1)
    ]


def as_csv(rows: list[list[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize("name", FILES)
def test_every_row_ends_as_an_order_or_with_a_sentence(name: str) -> None:
    rows, today = [TITLES, *rows_of(name)], TODAY[name]

    def counted(data: bytes) -> Counter[str]:
        reading = read_stays(data, UNITS, office_of({"164"}, UNITS), today)
        people = [row for row in reading.rows if row.is_person]
        assert len(people) == len(rows) - 1
        return Counter(
            "ordered" if row.body else row.faults[0].partition(":")[0] for row in people if not row.repeats
        )

    first = counted(sheet_of(rows))
    assert first == counted(sheet_of(rows)) == counted(as_csv(rows))
    assert first["ordered"] > 0
