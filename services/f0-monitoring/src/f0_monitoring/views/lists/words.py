"""What communes write for diseases, doses and yes or no."""

import re
from collections.abc import Iterable
from typing import Any, Final

from common.mongo.folding import folded
from common.sheets.cells import Unclear, text_of
from f0_monitoring.rulebook import Word

_NONE: Final = frozenset(("", "khong", "khong co", "ko", "chua", "0", "-", "x khong", "khoe", "binh thuong"))
_YES: Final = frozenset(("x", "co", "1", "dung", "v", "yes", "dang mang thai", "mang thai"))
_SEPARATORS: Final = re.compile(r"[;,+\n]")
_JOINTS: Final = re.compile(r"/|\s+(?:va|kem)\s+")
"""Split further only where the whole is unknown: `HIV/AIDS` and `COPD và bệnh phổi khác` are one disease."""
_SHORT: Final = {
    "tha": "hypertension",
    "cao huyet ap": "hypertension",
    "huyet ap": "hypertension",
    "huyet ap cao": "hypertension",
    "tang ha": "hypertension",
    "dtd": "diabetes",
    "tieu duong": "diabetes",
    "dai duong": "diabetes",
    "tim mach": "heart_disease",
    "suy tim": "heart_disease",
    "benh tim": "heart_disease",
    "mach vanh": "heart_disease",
    "hen": "asthma",
    "hen suyen": "asthma",
    "copd": "lung_disease",
    "benh phoi": "lung_disease",
    "viem phe quan man": "lung_disease",
    "lao": "lung_disease",
    "ung thu": "cancer",
    "suy than": "kidney_disease",
    "benh than": "kidney_disease",
    "chay than": "kidney_disease",
    "beo phi": "obesity",
    "thua can": "obesity",
    "dot quy": "stroke",
    "tai bien": "stroke",
    "tai bien mach mau nao": "stroke",
    "viem gan": "liver_disease",
    "xo gan": "liver_disease",
    "hiv": "hiv",
    "lupus": "systemic_disease",
    "gut": "other",
    "gout": "other",
    "khac": "other",
}
_UNDOSED: Final = frozenset(("", "chua", "chua tiem", "khong", "khong tiem", "-", "0"))
_DOSES: Final = re.compile(r"(?:mui|lieu|da tiem)?\s*(\d{1,2})\s*(?:mui|lieu)?")
_MOST_DOSES: Final = 10
_LIGHTEST, _HEAVIEST = 0.3, 350.0


class Diseases:
    """Finds the underlying diseases of the list by what people write."""

    def __init__(self, words: Iterable[Word]) -> None:
        listed = tuple(words)
        codes = {word.code for word in listed}
        self._codes = {short: code for short, code in _SHORT.items() if code in codes}
        for word in listed:
            for name in (word.code, *word.aliases, *word.vi.split(",")):
                self._codes[folded(name).strip()] = word.code

    def __call__(self, value: Any) -> list[str]:
        """Return codes; `Unclear` names the word that is not on the list."""
        text = folded(text_of(value)).strip(" .")
        if text in _NONE:
            return []
        if text in _YES:
            raise Unclear("ghi rõ tên bệnh nền, ví dụ Tăng huyết áp.")
        found = [code for part in _parts(_SEPARATORS, text) for code in self._of(part)]
        return list(dict.fromkeys(found))

    def _of(self, part: str) -> list[str]:
        whole = self._known(part)
        if whole:
            return [whole]
        pieces = _parts(_JOINTS, part)
        codes = [self._known(piece) for piece in pieces]
        if None in codes:
            unknown = pieces[codes.index(None)]
            raise Unclear(f"không rõ “{unknown}”. Hãy ghi theo danh mục, hoặc ghi “khác” nếu không có tên.")
        return [code for code in codes if code]

    def _known(self, name: str) -> str | None:
        return self._codes.get(name) or self._codes.get(name.removeprefix("benh "))


def _parts(separators: re.Pattern[str], text: str) -> list[str]:
    return [part.strip(" .") for part in separators.split(text) if part.strip(" .")]


def doses(value: Any) -> int:
    """Return how many vaccine doses; `Unclear` for anything but a count."""
    text = folded(text_of(value)).strip(" .")
    if text in _UNDOSED:
        return 0
    found = _DOSES.fullmatch(text)
    if not found or int(found[1]) > _MOST_DOSES:
        raise Unclear("ghi số mũi đã tiêm: 0, 1, 2, 3.")
    return int(found[1])


def is_pregnant(value: Any) -> bool:
    """Return whether the cell says yes; `Unclear` for what is neither yes nor no."""
    text = folded(text_of(value)).strip(" .")
    if text in _YES or re.fullmatch(r"(?:thai )?\d{1,2} tuan", text):
        return True
    if text in _NONE:
        return False
    raise Unclear("đánh dấu x nếu đang mang thai, bỏ trống nếu không.")


def kilograms(value: Any) -> float | None:
    """Return a weight, or None when it is empty."""
    text = folded(text_of(value)).removesuffix("kg").strip().replace(",", ".")
    if not text:
        return None
    try:
        weight = float(text)
    except ValueError:
        raise Unclear("ghi số kg, ví dụ 54 hoặc 9,5.") from None
    if not _LIGHTEST < weight < _HEAVIEST:
        raise Unclear("số kg không thể có. Hãy xem lại.")
    return weight


def check_positive(value: Any) -> None:
    """Refuse a row whose test was negative or is awaited."""
    text = folded(text_of(value)).strip(" .")
    if not text or text.startswith(("duong", "+", "pos", "(+)", "dt")):
        return
    if text.startswith(("am", "-", "neg", "(-)", "at")):
        raise Unclear("âm tính thì không phải F0. Hãy bỏ dòng này khỏi danh sách.")
    raise Unclear("chưa rõ dương tính hay âm tính. Chỉ nhập người đã có kết quả dương tính.")
