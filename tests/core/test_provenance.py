"""The AI mark and the settings inside picture files."""

import json
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image

from studio.core.image import Picture, encode_picture, read_picture
from studio.core.provenance import DigitalSource, read_settings, read_source, xmp
from tests.pictures import encoded, noise

SETTINGS = {"task": "faces", "seed": 7, "variety": 0.7, "name": "脸 ü", "nested": {"list": [1, None, True]}}
CARRIERS = [".png", ".jpg", ".webp", ".tif"]


@pytest.mark.parametrize("source", DigitalSource)
def test_packet_is_well_formed_and_names_the_iptc_term(source: DigitalSource) -> None:
    rdf = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
    description = next(ElementTree.fromstring(xmp(source).decode()).iter(f"{rdf}Description"))
    term = description.get("{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType")
    assert term == f"http://cv.iptc.org/newscodes/digitalsourcetype/{source}"
    assert read_source(xmp(source)) == source


def test_mark_written_by_others_is_understood() -> None:
    element = "<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/{}</Iptc4xmpExt:...>"
    assert read_source(element.format("trainedAlgorithmicMedia")) == DigitalSource.GENERATED
    assert read_source(element.format("digitalCapture")) is None
    for nothing in (None, "", b"\xff\xfe\0", "DigitalSourceType " * 10_000):
        assert read_source(nothing) is None


@pytest.mark.parametrize("suffix", CARRIERS)
@pytest.mark.parametrize("strip", [False, True])
def test_mark_stays_when_the_settings_are_left_out(suffix: str, strip: bool) -> None:
    data = encode_picture(
        Picture(rgb=noise(8, 8)), suffix, settings=SETTINGS, source=DigitalSource.GENERATED, strip=strip
    )
    picture = read_picture(data)
    assert picture.settings == ({} if strip else SETTINGS)
    assert picture.source == DigitalSource.GENERATED
    assert (b"variety" in data) == (not strip)


@pytest.mark.parametrize("suffix", CARRIERS)
def test_unmarked_picture_says_nothing_of_itself(suffix: str) -> None:
    data = encode_picture(Picture(rgb=noise(8, 8)), suffix, source=None)
    picture = read_picture(data)
    assert picture.source is None and picture.settings == {}
    assert not [word for word in (b"asel", b"xmp", b"Exif", b"rdf") if word in data]


def test_picture_takes_its_own_mark_and_settings_along() -> None:
    first = read_picture(
        encode_picture(Picture(rgb=noise(8, 8)), ".png", settings=SETTINGS, source=DigitalSource.COMPOSITE)
    )
    second = read_picture(encode_picture(first, ".jpg", source=None))
    assert second.source == DigitalSource.COMPOSITE and second.settings == SETTINGS
    assert read_picture(encode_picture(first, ".jpg", settings={}, source=None)).settings == {}


def test_generated_picture_stays_one_when_it_is_repaired() -> None:
    pairs = [(DigitalSource.GENERATED, DigitalSource.COMPOSITE), (DigitalSource.COMPOSITE, DigitalSource.GENERATED)]
    for came_with, given in pairs:
        data = encode_picture(Picture(rgb=noise(8, 8), source=came_with), ".webp", source=given)
        assert read_picture(data).source == DigitalSource.GENERATED


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", "[" * 100_000, "7", '{"a": 1'])
def test_damaged_settings_are_no_settings(text: str) -> None:
    image = Image.new("RGB", (4, 4))
    image.info["easel"] = text
    assert read_settings(image) == {}


@pytest.mark.parametrize(
    "comment", [b"", b"ASCII\0\0\0hello", b"\xff" * 20, b'ASCII\0\0\0{"other": 1}', b"ASCII\0\0\0[3]"]
)
def test_comments_of_others_are_no_settings(comment: bytes) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = comment
    assert read_picture(encoded(noise(8, 8), "JPEG", exif=exif)).settings == {}


def test_png_settings_are_plain_json_for_other_programs() -> None:
    data = encode_picture(Picture(rgb=noise(8, 8)), ".png", settings=SETTINGS, source=None)
    start = data.index(b"tEXteasel\0") + 10
    assert json.loads(data[start : data.index(b"}}", start) + 2]) == SETTINGS
