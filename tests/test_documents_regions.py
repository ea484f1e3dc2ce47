"""Regions: a place or a body is given one only where the name leaves no doubt."""

from __future__ import annotations

import pytest

from wuxing_nlp.documents.metadata.regions import (
    NATION,
    REGIONS,
    places,
    region_of_body,
    region_of_number,
    region_of_place,
)


def test_there_are_34_regions_and_every_place_lies_in_one_or_in_several() -> None:
    assert len(set(REGIONS)) == len(REGIONS) == 34
    assert set(places().values()) == {*REGIONS, ""}


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("江西省", "江西省"),
        ("南昌县人民政府", "江西省"),
        ("恩施州人民政府", "湖北省"),
        ("恩施土家族苗族自治州", "湖北省"),
        ("吉林市", "吉林省"),
        ("济阳区", "山东省"),
        ("内蒙古自治区", "内蒙古自治区"),
        ("广西政府", "广西壮族自治区"),
        ("江西南昌市", "江西省"),
        ("新北市", "台湾省"),
        ("江西经验", ""),
        ("江西省长", "江西省"),
        ("鼓楼区", ""),
        ("青溪县", ""),
        ("", ""),
    ],
)
def test_places(name: str, region: str) -> None:
    assert region_of_place(name) == region


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("中共江西省委办公厅", "江西省"),
        ("中共中央办公厅", NATION),
        ("国务院", NATION),
        ("工业和信息化部科技司", NATION),
        ("中华人民共和国香港特别行政区政府", "香港特别行政区"),
        ("国家税务总局", NATION),
        ("国家税务总局江西省税务局", "江西省"),
        ("中国人民银行南昌中心支行", ""),
        ("财政部门", ""),
        ("县教育局", ""),
        ("青溪县财政局", ""),
        ("第九届全国人民代表大会第一次会议", NATION),
    ],
)
def test_bodies(name: str, region: str) -> None:
    assert region_of_body(name) == region


@pytest.mark.parametrize(
    ("number", "region"),
    [
        ("赣府发〔2018〕18号", "江西省"),
        ("粤府〔2020〕1号", "广东省"),
        ("沪教委〔2020〕1号", "上海市"),
        ("国办函〔2023〕1号", NATION),
        ("赣政发〔2020〕1号", ""),
        ("渝府发〔2020〕1号", ""),
        ("青政发〔2020〕1号", ""),
        ("", ""),
    ],
)
def test_numbers(number: str, region: str) -> None:
    assert region_of_number(number) == region
