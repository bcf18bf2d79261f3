#!/usr/bin/env python3
"""Derives provinces.tsv, communes.tsv and old_communes.tsv from the wheel of vietnamadminunits 1.0.4.

    pip download --no-deps vietnamadminunits==1.0.4
    python3 derive.py vietnamadminunits-1.0.4-py3-none-any.whl

The script writes beside itself and stops at the first fact that does not hold.
"""

import io
import json
import pathlib
import sqlite3
import sys
import tempfile
import unicodedata
import zipfile

HERE = pathlib.Path(__file__).parent
KIND = {"Xã": "x", "Phường": "p", "Đặc khu": "d", "Thị trấn": "t", None: "h"}


def text(value):
    """NFC, plain apostrophe, single spaces: the form in which every name is stored."""
    value = unicodedata.normalize("NFC", value).replace("\u2019", "'").replace("\u2018", "'")
    value = " ".join(value.split())
    assert "\t" not in value and value, value
    return value


def split_kind(name, kinds):
    """("Thành phố Hà Nội") -> ("Thành phố", "Hà Nội"); "Phường 7" -> ("Phường", "7")."""
    for kind in kinds:
        if name.lower().startswith(kind.lower() + " "):
            return kind, name[len(kind) + 1 :]
    raise AssertionError(name)


def write(name, rows):
    body = io.StringIO()
    for row in rows:
        body.write("\t".join(row) + "\n")
    (HERE / name).write_text(body.getvalue(), encoding="utf-8", newline="\n")


def main(wheel):
    with zipfile.ZipFile(wheel) as archive, tempfile.NamedTemporaryFile(suffix=".db") as database:
        database.write(archive.read("vietnamadminunits/data/dataset.db"))
        database.flush()
        converter = json.loads(archive.read("vietnamadminunits/data/converter_2025.json"))
        connection = sqlite3.connect(database.name)
        new = connection.execute(
            "select provinceCode, province, provinceLat, provinceLon, provinceKey,"
            " wardCode, ward, wardKey, wardLat, wardLon"
            " from admin_units order by provinceCode, wardCode"
        ).fetchall()
        old = connection.execute(
            "select provinceCode, province, provinceKey, districtCode, district, districtKey,"
            " wardCode, ward, wardKey"
            " from admin_units_legacy order by coalesce(wardCode, districtCode)"
        ).fetchall()

    provinces, communes, code_of_key = {}, [], {}
    for p_code, p_name, p_lat, p_lon, p_key, code, name, key, lat, lon in new:
        kind, short = split_kind(text(p_name), ["Thành phố", "Tỉnh"])
        provinces[p_code] = (p_code, "c" if kind == "Thành phố" else "t", short, f"{p_lat:.4f}", f"{p_lon:.4f}")
        kind, short = split_kind(text(name), ["Xã", "Phường", "Đặc khu"])
        communes.append((code, p_code, KIND[kind], short, f"{lat:.4f}", f"{lon:.4f}"))
        assert (p_key, key) not in code_of_key, (p_key, key)
        code_of_key[(p_key, key)] = code

    # old key -> new codes; the one the source calls its default stands first
    successors = {}
    for p_key, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new_key, old_keys in wards.items():
            for old_key in old_keys:
                successors.setdefault(old_key, []).append(code_of_key[(p_key, new_key)])
    for p_key, wards in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old_key, parts in wards.items():
            assert old_key not in successors, old_key
            parts = sorted(parts, key=lambda part: not part["isDefaultNewWard"])
            successors[old_key] = [code_of_key[(p_key, part["newWardKey"])] for part in parts]

    kind_and_name = {code: (kind, short) for code, _, kind, short, _, _ in communes}
    whence = {}
    for old_key, to in successors.items():
        for code in to:
            whence.setdefault(code, []).append(old_key)
    assert set(whence) == set(kind_and_name), "a commune that came from nowhere"

    rows, seen, split, last_province, last_district = [], set(), 0, None, None
    for p_code, p_name, p_key, d_code, d_name, d_key, code, name, key in old:
        if p_code != last_province:
            rows.append(("P", p_code, text(p_name)))
            last_province, last_district = p_code, None
        if d_code != last_district:
            rows.append(("D", d_code, text(d_name)))
            last_district = d_code
        full_key = f"{p_key}_{d_key}_{key or ''}"
        assert full_key not in seen, full_key
        seen.add(full_key)
        to = successors[full_key]
        assert len(to) == len(set(to)) and to, full_key
        split += len(to) > 1
        if name is None:  # five island districts had no communes: the district stands for itself
            code, kind, short = d_code, None, text(d_name).removeprefix("Huyện ")
        else:
            kind, short = split_kind(text(name), ["Xã", "Phường", "Thị trấn"])
        row = (code, KIND[kind], short)
        unchanged = len(to) == 1 and len(whence[to[0]]) == 1 and kind_and_name[to[0]] == row[1:]
        rows.append((*row, ("=" if unchanged else "") + ",".join(to)))

    assert len(provinces) == 34 and len(communes) == 3321 and len(old) == 10040 and split == 471, (
        len(provinces), len(communes), len(old), split)
    assert seen == set(successors), seen ^ set(successors)
    write("provinces.tsv", provinces.values())
    write("communes.tsv", communes)
    write("old_communes.tsv", rows)


if __name__ == "__main__":
    main(sys.argv[1])
