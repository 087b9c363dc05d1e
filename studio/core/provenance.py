"""What a picture says about its making: the settings that made it, and the machine-readable AI mark.

The mark is IPTC's digital source type in an XMP packet. The settings are JSON: the PNG text "easel", EXIF's UserComment
in JPEG and WebP, the description in TIFF.
"""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from PIL import ExifTags, Image, PngImagePlugin, TiffImagePlugin, TiffTags

from studio import __version__

PNG_KEY = "easel"
_ASCII = b"ASCII\0\0\0"  # EXIF 2.3, UserComment: eight bytes name the character code
_VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmp:CreatorTool="Easel {version}" Iptc4xmpExt:DigitalSourceType="{term}"/>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


class DigitalSource(StrEnum):
    """How much of a picture a model made, in IPTC's words; the most first."""

    GENERATED = "trainedAlgorithmicMedia"
    COMPOSITE = "compositeWithTrainedAlgorithmicMedia"


def xmp(source: DigitalSource) -> bytes:
    """The XMP packet, UTF-8, that marks a picture as made or partly made by a model."""
    return _PACKET.format(version=__version__, term=_VOCABULARY + source).encode()


def read_source(packet: str | bytes | None) -> DigitalSource | None:
    """The AI mark in an XMP packet of any program, as attribute or element; None where there is none."""
    text = packet.decode("utf-8", "replace") if isinstance(packet, bytes) else packet or ""
    # A pattern, not an XML parser: the packet is a stranger's and only one word of it is wanted.
    found = re.search(r"DigitalSourceType\b[^<]{0,200}?digitalsourcetype/(\w+)", text, re.IGNORECASE)
    return next((source for source in DigitalSource if found and found[1] == source), None)


def png_text(settings: Mapping[str, Any], source: DigitalSource | None) -> PngImagePlugin.PngInfo:
    """The text chunks of a PNG: settings as ASCII JSON under "easel", and the XMP packet; either may be wanting."""
    chunks = PngImagePlugin.PngInfo()
    if settings:
        chunks.add_text(PNG_KEY, json.dumps(dict(settings)))
    if source:
        chunks.add_itxt("XML:com.adobe.xmp", xmp(source).decode())
    return chunks


def exif(settings: Mapping[str, Any]) -> Image.Exif:
    """EXIF that holds nothing but the settings, as UserComment {"easel": settings}; no orientation."""
    block = Image.Exif()
    block.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = _ASCII + _named(settings).encode()
    return block


def tiff_tags(settings: Mapping[str, Any], source: DigitalSource | None) -> TiffImagePlugin.ImageFileDirectory_v2:
    """The description {"easel": settings} and the XMP packet of a TIFF, whose compressed kinds cannot hold EXIF."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    if settings:
        tags[ExifTags.Base.ImageDescription] = _named(settings)
    if source:
        tags[ExifTags.Base.XMLPacket] = xmp(source)
        tags.tagtype[ExifTags.Base.XMLPacket] = TiffTags.BYTE
    return tags


def _named(settings: Mapping[str, Any]) -> str:
    return json.dumps({PNG_KEY: dict(settings)})


def read_settings(image: Image.Image) -> dict[str, Any]:
    """The settings that Easel wrote into this opened picture, {} if it wrote none or they are damaged."""
    text = image.info.get(PNG_KEY)
    try:
        if isinstance(text, str):
            found = json.loads(text)
        else:
            tags = image.getexif()
            comment = tags.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.UserComment)
            comment = comment or tags.get(ExifTags.Base.ImageDescription, "")
            raw = comment if isinstance(comment, bytes) else str(comment).encode()
            found = json.loads(raw.removeprefix(_ASCII)).get(PNG_KEY)
    except Exception:  # the metadata are a stranger's: whatever is wrong with them, the picture is still good
        return {}
    return found if isinstance(found, dict) else {}
