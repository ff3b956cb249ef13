"""A photo of a check-in: bare, sealed, seen by the officer with a note of it, deleted in its time."""

import io
from base64 import b64decode, b64encode
from datetime import timedelta

import pytest
from PIL import Image

from common.contracts.quarantine.supervision import SUPERVISION
from common.testing.sign_in import bearer
from quarantine.views.supervision.jpeg import NotAPicture, bare
from services.quarantine.tests.pictures import GPS_INFO, MAKER, jpeg
from services.quarantine.tests.test_routes import OFFICER, citizen
from services.quarantine.tests.test_supervision_story import HOME, Household, home

__all__ = ["home"]
PHOTOS = "/v1/check-in-photos"


def body(home: Household, request_id: str, picture: bytes) -> dict[str, str]:
    return {"person_id": home.person_id, "request_id": request_id, "image": b64encode(picture).decode()}


async def answered(home: Household) -> str:
    await home.post("check-ins")
    request_id = (await home.asked())["request_id"]
    await home.answers(HOME)
    return str(request_id)


@pytest.mark.parametrize("progressive", [False, True])
def test_what_a_camera_writes_beside_a_picture_is_dropped_and_the_picture_is_the_same(progressive):
    taken = jpeg(beside=True, progressive=progressive)
    assert b"May anh Mau" in taken

    stripped = bare(taken + b"hidden behind the end")

    assert all(word not in stripped for word in (b"May anh", b"chup tai nha", b"Exif", b"hidden"))
    with Image.open(io.BytesIO(taken)) as before, Image.open(io.BytesIO(stripped)) as after:
        assert after.tobytes() == before.tobytes()
        assert (MAKER in before.getexif(), GPS_INFO in before.getexif()) == (True, True)
        assert not after.getexif()
    assert bare(stripped) == stripped


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"<svg/>", jpeg()[:-40], b"\xff\xd8\xff\xd9", jpeg()[:30]]
)
def test_what_is_no_whole_picture_is_refused(data):
    with pytest.raises(NotAPicture):
        bare(data)


async def test_a_photo_is_sealed_and_shown_to_the_officer_of_the_area_with_a_note(running, home):
    request_id = await answered(home)
    picture = jpeg(beside=True)
    send = {"json": body(home, request_id, picture), "headers": home.me}
    assert (await running.client.post(PHOTOS, **send)).status_code == 201
    assert (await running.client.post(PHOTOS, **send)).status_code == 201
    other = {"json": body(home, request_id, jpeg()), "headers": home.me}
    assert (await running.client.post(PHOTOS, **other)).status_code == 201
    await home.settle()

    [kept] = running.stores.photos.kept.values()
    told = repr(await running.facts(SUPERVISION)) + repr(running.stores.supervisions.aggregates)
    assert b64encode(bare(picture)).decode()[:60] not in repr(kept) + told
    assert "photo" not in repr(await running.facts(SUPERVISION))
    path = f"{home.path}/check-ins/{request_id}/photo"
    stranger = bearer("health_officer", ("05500",))
    for who, status in ((stranger, 404), (bearer("doctor", ("164",)), 403), (home.me, 403)):
        assert (await running.client.get(path, headers=who)).status_code == status
    [row] = (await home.seen())["check_ins"]
    assert (row["has_photo"], row["place"]) == (True, None)

    shown = await running.client.get(path, headers=OFFICER)

    assert (shown.status_code, shown.headers["content-type"], shown.content) == (
        200,
        "image/jpeg",
        bare(picture),
    )
    assert shown.headers["cache-control"] == "no-store"
    readings = (await running.client.get("/v1/me/readings", headers=home.me)).json()["items"]
    assert [one["purpose"] for one in readings].count("Xem ảnh điểm danh") == 1
    mine = (await running.client.get("/v1/me/data", headers=home.me)).json()["photos"]
    assert [b64decode(one["image"]) for one in mine] == [bare(picture)]


async def test_a_photo_that_does_not_fit_is_refused_in_words_and_changes_nothing(running, home):
    request_id = await answered(home)

    async def sent(**more):
        return await running.client.post(
            PHOTOS, json={**body(home, request_id, jpeg()), **more}, headers=home.me
        )

    unreadable = await sent(image=b64encode(b"<svg/>").decode())
    assert (unreadable.status_code, "chụp lại" in unreadable.json()["detail"]) == (422, True)
    assert (await sent(image="%%%")).status_code == 422
    assert (await sent(image="A" * 534_000)).status_code == 422
    assert (await sent(image="A" * 700_000)).status_code == 413
    assert (await sent(request_id="never-asked")).status_code == 404
    strange = citizen("p" + "2" * 24)
    reply = await running.client.post(PHOTOS, json=body(home, request_id, jpeg()), headers=strange)
    assert reply.status_code == 404
    [row] = (await home.seen())["check_ins"]
    assert not row["has_photo"]


async def test_a_photo_goes_in_its_time_and_the_officer_is_told(running, home):
    request_id = await answered(home)
    await running.client.post(PHOTOS, json=body(home, request_id, jpeg()), headers=home.me)
    purge = running.service.parts["purge"]
    running.clock.move(timedelta(days=29))
    assert (await purge.round()).photos == 0
    running.clock.move(timedelta(days=2))
    assert (await purge.round()).photos == 1

    gone = await running.client.get(f"{home.path}/check-ins/{request_id}/photo", headers=OFFICER)

    assert (gone.status_code, "đã được xóa" in gone.text or "được xóa" in gone.text) == (404, True)
