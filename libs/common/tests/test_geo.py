"""The list of units is the one of 2021, and the apportioned populations add up."""

import json

import pytest

from common.geo import Units, UnknownCommune, data_folder

WEIGHTS = {"phường": 16, "thị trấn": 13, "xã": 10}


@pytest.fixture(scope="module")
def units() -> Units:
    return Units.load()


def test_the_province_has_178_communes_in_nine_districts(units: Units) -> None:
    assert len(units.communes()) == 178
    assert len(units.districts()) == 9
    kinds = [unit.kind for unit in units.communes()]
    assert (kinds.count("phường"), kinds.count("thị trấn"), kinds.count("xã")) == (32, 9, 137)


def test_a_commune_lies_in_its_district_and_province(units: Units) -> None:
    area = units.area_of("05431")
    assert area.codes() == {"05431", "164", "19"}
    assert units.name_of("05431") == "Phường Quán Triều"
    assert units.name_of("164") == "Thành phố Thái Nguyên"


@pytest.mark.parametrize("code", ["", "00001", "164", "19", "5431", "05431 "])
def test_any_other_code_is_refused_in_vietnamese(units: Units, code: str) -> None:
    with pytest.raises(UnknownCommune) as refusal:
        units.area_of(code)
    assert refusal.value.field == "commune_code"
    assert "Mã xã" in refusal.value.detail


def test_communes_add_up_to_the_counted_district(units: Units) -> None:
    for district in units.districts():
        assert sum(unit.population for unit in units.communes(district.code)) == district.population
    assert units.province().population == 1_286_751


def test_apportionment_follows_the_published_weights(units: Units) -> None:
    for district in units.districts():
        communes = units.communes(district.code)
        total = sum(WEIGHTS[unit.kind] for unit in communes)
        for unit in communes:
            assert abs(unit.population - district.population * WEIGHTS[unit.kind] / total) < 1
            assert unit.is_apportioned


def test_the_tile_grid_shows_every_commune_once_under_its_name(units: Units) -> None:
    grid = json.loads((data_folder() / "geo" / "tilegrid.json").read_text(encoding="utf-8"))
    assert {tile["code"]: tile["name"] for tile in grid["units"]} == {
        unit.code: unit.name for unit in units.communes()
    }
    assert len({(tile["x"], tile["y"]) for tile in grid["units"]}) == 178
