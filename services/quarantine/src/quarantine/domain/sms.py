"""
Khai báo bằng tin nhắn: what a short text without accents says, and kind words about what is wrong in it.

    KB 37.2 97 HO SOT        temperature, SpO2, signs
    KB KHOE                  well
    KB TEN LAN 36.8 KHOE     for Lan, where several share the telephone

Pure: the same text always gives the same answer. Numbers tell by their size what they are.
"""

import re
from dataclasses import dataclass
from typing import Final

EXAMPLE: Final = "KB 37.2 97 HO SOT, hoac KB KHOE"
LONGEST: Final = 300
TEMPERATURE: Final = (33.0, 43.0)
SPO2: Final = (50, 100)
_WORDS: Final = {
    ("KHO", "THO"): "dyspnoea",
    ("TUC", "NGUC"): "chest_pain",
    ("DAU", "NGUC"): "chest_pain",
    ("TIM", "TAI"): "cyanosis",
    ("LU", "LAN"): "drowsy",
    ("LI", "BI"): "drowsy",
    ("DAU", "HONG"): "sore_throat",
    ("DAU", "DAU"): "headache",
    ("DAU", "CO"): "muscle_ache",
    ("MAT", "VI"): "loss_of_taste_or_smell",
    ("MAT", "MUI"): "loss_of_taste_or_smell",
    ("TIEU", "CHAY"): "diarrhoea",
    ("SO", "MUI"): "runny_nose",
    ("ON", "LANH"): "chills",
    ("HO",): "cough",
    ("SOT",): "fever",
    ("MET",): "fatigue",
}
DANGER: Final = frozenset({"dyspnoea", "chest_pain", "cyanosis", "drowsy"})
_FILLERS: Final = frozenset({"DO", "C", "SPO2", "NHIET", "VA", "BI", "TOI", "CO", "O2"})
_NUMBER: Final = re.compile(r"\d{1,3}([.,]\d{1,2})?")
_HELP: Final = frozenset({"HD", "HELP", "TRO"})


@dataclass(frozen=True, slots=True)
class Said:
    """What was understood. *wrong* are sentences about what was not; with any of them nothing is sure."""

    is_declaration: bool = False
    wants_help: bool = False
    wants_call: bool = False
    name: str = ""
    temperature_celsius: float | None = None
    spo2_percent: int | None = None
    symptoms: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def is_in_danger(self) -> bool:
        """Tell whether a sign was named that cannot wait."""
        return bool(DANGER & set(self.symptoms))


def read(text: str) -> Said:
    """Read *text*, already folded to capitals without accents; whatever it is, there is an answer."""
    words = [word for word in re.split(r"[\s;:/%]+|[,.](?!\d)", text[:LONGEST].upper()) if word]
    if not words or words[0] in _HELP:
        return Said(wants_help=True)
    if words[0] == "GOI":
        return Said(wants_call=True)
    if words[0] != "KB":
        return Said(wants_help=True)
    if len(words) == 1:
        return Said(is_declaration=True, wrong=("Tin chua co noi dung.",))
    name, rest = _name(words[1:])
    return _declaration(name, rest)


def _name(words: list[str]) -> tuple[str, list[str]]:
    """Take `TEN <name>` off the front: letters until the first number or known word."""
    if not words or words[0] != "TEN":
        return "", words
    end = 1
    while end < len(words) and not _NUMBER.fullmatch(words[end]) and not _is_known(words, end):
        end += 1
    return " ".join(words[1:end]), words[end:]


def _is_known(words: list[str], at: int) -> bool:
    return words[at] == "KHOE" or any(tuple(words[at : at + len(key)]) == key for key in _WORDS)


def _declaration(name: str, words: list[str]) -> Said:
    heat: list[float] = []
    oxygen: list[int] = []
    signs: list[str] = []
    wrong: list[str] = []
    is_well, at = False, 0
    while at < len(words):
        key = next((key for key in _WORDS if tuple(words[at : at + len(key)]) == key), None)
        if key is not None:
            signs.append(_WORDS[key])
            at += len(key)
            continue
        is_well = is_well or words[at] == "KHOE"
        if words[at] not in _FILLERS and words[at] != "KHOE":
            _measure(words[at], heat, oxygen, wrong)
        at += 1
    if is_well and signs:
        wrong.append("Vua ghi KHOE vua ghi trieu chung.")
    if len(heat) > 1 or len(oxygen) > 1:
        wrong.append("Co hai so cung loai, khong ro so nao dung.")
    if not (is_well or signs or heat or oxygen or wrong):
        wrong.append("Chua co so do hay trieu chung.")
    return Said(
        is_declaration=True,
        name=name,
        temperature_celsius=heat[0] if heat else None,
        spo2_percent=oxygen[0] if oxygen else None,
        symptoms=tuple(dict.fromkeys(signs)),
        wrong=tuple(wrong),
    )


def _measure(word: str, heat: list[float], oxygen: list[int], wrong: list[str]) -> None:
    if not _NUMBER.fullmatch(word):
        wrong.append(f"Khong hieu chu {word[:20]}.")
        return
    value = float(word.replace(",", "."))
    if TEMPERATURE[0] <= value <= TEMPERATURE[1]:
        heat.append(value)
    elif SPO2[0] <= value <= SPO2[1] and value.is_integer():
        oxygen.append(int(value))
    else:
        wrong.append(f"So {word} khong phai nhiet do (33-43) hay SpO2 (50-100).")
