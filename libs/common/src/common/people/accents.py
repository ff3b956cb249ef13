"""Vietnamese without accents, as old telephones show it and as a text message is cheapest."""

from common.mongo.folding import folded


def plain(text: str) -> str:
    """Write a sentence without accents, keeping its capitals."""
    return "".join(
        folded(letter).upper() if letter.isupper() else folded(letter) or letter for letter in text
    )
