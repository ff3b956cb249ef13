"""
Slips of the hand: 3.7 % of what people copy from a device is wrong (JAMIA ocy170, 3.7 % of entries).

The kinds and their shares are assumptions. What no living person can have is refused with words that say what
to look at, and the person sends the right numbers; the rest stands, as in life.
"""

from collections.abc import Callable

import numpy as np

Body = dict[str, object]
P_SLIP = 0.037


def mistyped(body: Body, rng: np.random.Generator) -> Body | None:
    """Return *body* as a hasty finger typed it; None when it was typed right."""
    if rng.random() >= P_SLIP or "spo2_percent" not in body:
        return None
    shares = [share for share, _ in _KINDS]
    kind = int(np.searchsorted(np.cumsum(shares), rng.random() * sum(shares), side="right"))
    wrong = {**body, **_KINDS[kind][1](body)}
    return wrong if wrong != body else None


def _reversed_digits(body: Body) -> Body:
    return {"spo2_percent": int(str(body["spo2_percent"])[::-1])}


def _missing_digit(body: Body) -> Body:
    return {"spo2_percent": int(str(body["spo2_percent"])[0])}


def _extra_digit(body: Body) -> Body:
    return {"spo2_percent": int(f"{body['spo2_percent']}9")}


def _swapped(body: Body) -> Body:
    return {"spo2_percent": body["pulse_per_minute"], "pulse_per_minute": body["spo2_percent"]}


def _comma(body: Body) -> Body:
    return {"temperature_celsius": str(body["temperature_celsius"]).replace(".", ",")}


def _without_point(body: Body) -> Body:
    return {"temperature_celsius": float(str(body["temperature_celsius"]).replace(".", ""))}


def _with_unit(body: Body) -> Body:
    return {"spo2_percent": f"{body['spo2_percent']}%"}


_KINDS: tuple[tuple[float, Callable[[Body], Body]], ...] = (
    (15, _reversed_digits),
    (10, _missing_digit),
    (8, _extra_digit),
    (20, _swapped),
    (20, _comma),
    (7, _without_point),
    (5, _with_unit),
)
