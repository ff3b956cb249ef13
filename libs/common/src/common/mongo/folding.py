"""Vietnamese names as people type them in a hurry: no accents, đ as d, one space, lower case."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def folded(text: str) -> str:
    """Fold *text*: `  Nguyễn  Thị Đào ` becomes `nguyen thi dao`."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _SPACES.sub(" ", bare.replace("đ", "d")).strip()
