"""The code that is drawn is the one that the library would draw, sooner."""

import io

import pytest
import segno
import zxingcpp
from PIL import Image
from segno import encoder

from common.credential import masks, render

TEXTS = ["TP1:" + f"{number * 7919:09d}ABCDEF" * 40 for number in range(4)]
LENGTHS = (180, 250, 300, 340, 400)


def plain(text: str, mask: int) -> segno.QRCode:
    return segno.make(text, error="m", boost_error=False, micro=False, mask=mask)


@pytest.mark.parametrize("length", LENGTHS)
def test_a_code_is_exactly_what_the_library_makes_with_that_mask(length: int) -> None:
    for whole in TEXTS:
        text = whole[:length]
        best = masks.best_mask(plain(text, 0))
        assert render.qr_code(text).rows == tuple(bytes(row) for row in plain(text, best).matrix)


def test_the_mask_is_as_good_as_the_best_by_the_measure_of_the_standard() -> None:
    for whole in TEXTS:
        text = whole[:310]
        penalties = []
        for mask in range(8):
            matrix = tuple(bytearray(row) for row in plain(text, mask).matrix)
            penalties.append(encoder.evaluate_mask(matrix, len(matrix), len(matrix)))
        chosen = masks.best_mask(plain(text, 0))
        # Format and version are not in our measure, so that a tie may fall otherwise.
        assert penalties[chosen] <= min(penalties) + 80


@pytest.mark.parametrize("pixels", [1, 3, 4, 8])
def test_a_picture_reads_back_and_is_one_bit_deep(pixels: int) -> None:
    picture = Image.open(io.BytesIO(render.png(TEXTS[0][:311], pixels_per_module=pixels)))
    picture.load()
    assert picture.mode == "1"
    assert picture.width == picture.height == (17 + 4 * 10 + 8) * pixels
    enlarged = picture.convert("L").resize((picture.width * 3, picture.height * 3), Image.Resampling.NEAREST)
    found = zxingcpp.read_barcode(enlarged)
    assert found is not None
    assert found.text == TEXTS[0][:311]
