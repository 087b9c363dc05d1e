"""python -m training.average FILE FILE [FILE ...] --into FILE

Writes a model whose weights are the mean of those of models that were trained on from one another: it is often better
than each (Wortsman et al., "Model soups", 2022). Its card is the last one's, but without figures, and names the others
too. It can be imported and shipped.
    python -m training.average faces-2.safetensors faces-3.safetensors --into faces-mean.safetensors
"""

import argparse
import dataclasses
import sys
from pathlib import Path

import torch

from studio.core.atomic import write_atomic
from studio.core.errors import BadInput, StudioError
from studio.library.checkpoint import encode_checkpoint, load_checkpoint, read_header
from studio.library.manifest import Ancestor, ancestors, digest
from studio.models.families import FAMILIES


@torch.no_grad()
def averaged(files: list[Path]) -> bytes:
    """The mean of model files, at least one, as a model file.

    Raises BadInput when a file is missing or they are not alike, ModelCorrupt when one does not load.
    """
    for file in files:
        if not file.is_file():
            raise BadInput(f"There is no file {file}; give models that Easel exported.")
    contents = [file.read_bytes() for file in files]
    networks = [load_checkpoint(data, file.name) for data, file in zip(contents, files, strict=True)]
    headers = [read_header(file) for file in files]
    family, config, card = headers[-1].family, headers[-1].config, headers[-1].card
    for file, header in zip(files, headers, strict=True):
        if (header.family, header.config) != (family, config):
            raise BadInput(
                f"{file.name} is built otherwise than {files[-1].name}; give models trained on from one another."
            )
    states = [network.state_dict() for network in networks]
    for key, mean in states[-1].items():
        if mean.is_floating_point():
            mean.copy_(torch.stack([state[key] for state in states]).mean(0))
    line = ancestors(card)
    known = {ancestor.sha256 for ancestor in line}
    parts = [Ancestor(name=file.stem, sha256=digest(data)) for file, data in zip(files, contents, strict=True)]
    line += tuple(part for part in parts if part.sha256 not in known)
    facts = {key: value for key, value in card.items() if key != "metric"}
    facts["ancestors"] = [dataclasses.asdict(ancestor) for ancestor in line]
    return encode_checkpoint(networks[-1], family=family, config=FAMILIES[family].config(**config), card=facts)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.average", description=(__doc__ or "").split("\n\n")[1].split("\n    ")[0]
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="models trained on from one another")
    parser.add_argument("--into", type=Path, required=True, metavar="FILE", help="the model file to write")
    values = parser.parse_args(arguments)
    try:
        data = averaged(values.files)
        with write_atomic(values.into) as file:
            file.write(data)
    except StudioError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{values.into}: the mean of {len(values.files)} models")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
