"""Zip files of pictures: what is taken, and that none can write elsewhere or fill the disk."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core import archive
from studio.core.archive import gather, unpack
from studio.core.errors import BadInput
from tests.pictures import encoded, scene


def packed(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        for name, data in members.items():
            file.writestr(zipfile.ZipInfo(name), data, method)
    return path


PNG = encoded(scene(20, 20), "PNG")


def test_pictures_and_texts_come_out_and_nothing_else(tmp_path: Path) -> None:
    members = {
        "a.png": PNG,
        "below/图 片.PNG": PNG,
        "below/a.png": PNG,
        "a.txt": b"red",
        "run.exe": b"x",
        ".hidden/a.png": PNG,
        "__MACOSX/a.png": b"x",
    }
    found = unpack(packed(tmp_path / "a.zip", members), tmp_path / "out")
    assert [path.relative_to(tmp_path / "out").as_posix() for path in found] == [
        "a.png",
        "below/图 片.PNG",
        "below/a.png",
    ]
    assert all(path.read_bytes() == PNG for path in found)
    assert (tmp_path / "out" / "a.txt").read_text() == "red" and not (tmp_path / "out" / "run.exe").exists()


@pytest.mark.parametrize("name", ["../a.png", "/etc/a.png", "x/../../a.png", "..\\a.png", "C:\\a.png", "x/.."])
def test_paths_that_lead_outside_are_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(BadInput, match="leads outside"):
        unpack(packed(tmp_path / "in" / "a.zip", {"good.png": PNG, name: PNG}), tmp_path / "in" / "out")
    assert not (tmp_path / "in" / "out").exists() and not (tmp_path / "a.png").exists()


@given(st.lists(st.sampled_from(["..", ".", "a", "/", "\\", "b:", "", "é"]), max_size=6))
def test_no_name_writes_outside(parts: list[str]) -> None:
    info = zipfile.ZipInfo("/".join(parts) + "/x.png")
    try:
        place = archive._place(info, "a.zip")
    except BadInput:
        return
    if place is not None:
        root = Path("/some/where")
        assert root in Path(*root.parts, *place.parts).resolve().parents


def test_links_are_left_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        link = zipfile.ZipInfo("link.png")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    assert unpack(tmp_path / "a.zip", tmp_path / "out") == []
    assert not (tmp_path / "out").exists()


def test_bombs_are_refused_by_what_they_say_and_by_what_they_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = packed(tmp_path / "bomb.zip", {"a.bmp": bytes(60_000_000)})
    with pytest.raises(BadInput, match="take up 60 MB"):
        unpack(bomb, tmp_path / "out")
    many = packed(tmp_path / "many.zip", {f"{i}.png": b"" for i in range(8)})
    monkeypatch.setattr(archive, "MOST_FILES", 7)
    with pytest.raises(BadInput, match="8 files"):
        unpack(many, tmp_path / "out")
    liar = bytearray(packed(tmp_path / "liar.zip", {"a.png": bytes(5000)}, zipfile.ZIP_STORED).read_bytes())
    start = liar.rindex(b"PK\x01\x02")
    liar[start + 24 : start + 28] = (100).to_bytes(4, "little")  # the size that the directory tells
    (tmp_path / "liar.zip").write_bytes(liar)
    with pytest.raises(BadInput):
        unpack(tmp_path / "liar.zip", tmp_path / "out")
    assert not any(path.is_file() for path in (tmp_path / "out").rglob("*"))


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(BadInput, match="no zip file"):
        unpack(tmp_path / "a.zip", tmp_path / "out")


def test_files_folders_and_zips_are_gathered_once(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "b.png").write_bytes(PNG)
    (folder / "b.txt").write_text("blue")
    zipped = packed(tmp_path / "a.zip", {"a.png": PNG})
    found = gather([folder, folder / "b.png", zipped, folder / "b.txt"], tmp_path / "scratch")
    assert [path.name for path in found] == ["b.png", "a.png"]
    with pytest.raises(BadInput, match="no picture"):
        gather([packed(tmp_path / "empty.zip", {"a.exe": b"x"})], tmp_path / "scratch")
