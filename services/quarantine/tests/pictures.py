"""Pictures as phones take them: with the place, the phone and a preview written beside them."""

import io

from PIL import Image

MAKER, GPS_LATITUDE, GPS_INFO = 0x010F, 2, 0x8825


def jpeg(*, size: tuple[int, int] = (40, 30), beside: bool = False, progressive: bool = False) -> bytes:
    """Return a JPEG; with *beside*, what a camera adds: maker, position, a comment."""
    out, exif = io.BytesIO(), Image.Exif()
    if beside:
        exif[MAKER] = "May anh Mau"
        exif.get_ifd(GPS_INFO)[GPS_LATITUDE] = (21.0, 35.0, 38.4)
    more = {"exif": exif, "comment": b"chup tai nha"} if beside else {}
    Image.effect_noise(size, 60).convert("RGB").save(out, "JPEG", progressive=progressive, **more)
    return out.getvalue()
