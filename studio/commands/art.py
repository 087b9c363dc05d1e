"""Paint pictures in a style, at their own size.

easel art --list-presets
easel art photo.jpg photos --preset NAME -o out
easel art photo.jpg --style-picture painting.jpg --method best -o out
easel art photo.jpg --preset NAME --regions face.png sky.png --region-presets "photo, NAME" -o out
"""

import argparse
import json
from pathlib import Path

from studio.commands.options import add_output, add_resume, add_settings, settings_from
from studio.commands.output import Results, progress
from studio.core.batch import find_pictures
from studio.core.image import Picture, read_mask, read_picture
from studio.engine.engine import Engine
from studio.engine.tasks.style import StyleRequest, check_preset, presets


def configure(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(refuse=parser.error)
    parser.add_argument("input", nargs="*", metavar="INPUT", help="pictures, or folders of them")
    parser.add_argument("--list-presets", action="store_true", help="print the styles of the model and end")
    parser.add_argument(
        "--regions", nargs="+", default=[], metavar="MASK", help="masks, white where --region-presets hold; in order"
    )
    parser.add_argument("--style-picture", metavar="FILE", help="picture to paint like, in place of a --preset")
    add_settings(parser, StyleRequest)
    add_output(parser, required=False)
    add_resume(parser)


def run(values: argparse.Namespace) -> int:
    engine = Engine.default(values.device)
    if values.list_presets:
        for preset in presets(engine, values.model):
            print(json.dumps({"preset": preset}) if values.json else preset)
        return 0
    if not (values.input and (values.preset or values.style_picture) and values.output):
        values.refuse("give INPUT, --preset NAME or --style-picture FILE, and -o DIR; or --list-presets")
    settings = settings_from(StyleRequest, values)
    if values.preset:
        check_preset(engine, values.model, values.preset)
    style = read_picture(values.style_picture) if values.style_picture else None
    pictures = find_pictures(values.input, values.output)

    def work(path: Path, name: Path) -> Picture:
        picture = read_picture(path)
        regions = tuple(read_mask(mask, picture.size) for mask in values.regions)
        request = StyleRequest(picture=picture, style_picture=style, regions=regions, **settings)
        with progress(path.name) as control:
            return engine.run(request, control).picture

    return Results(values).each(pictures, work, {"task": StyleRequest.task, **settings})
