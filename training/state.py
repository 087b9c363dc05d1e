"""Everything a run needs to go on as if it had never stopped, in one safetensors file: no pickle.

Tensors: `module/NAME/KEY`, `optimiser/NAME/INDEX/KEY`, `rng/torch`. Header: pictures seen, seconds, numpy's generator,
optimiser groups.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import nn
from torch.optim import Optimizer

from studio.core.atomic import write_atomic
from studio.core.errors import ModelCorrupt


def save_state(
    path: Path,
    *,
    modules: dict[str, nn.Module],
    optimisers: dict[str, Optimizer],
    rng: np.random.Generator,
    facts: dict[str, Any],
) -> None:
    """Write the whole state atomically; `facts` is JSON-able (pictures seen, seconds, the trainer's own numbers)."""
    tensors = {"rng/torch": torch.get_rng_state()}
    for name, module in modules.items():
        tensors |= {f"module/{name}/{key}": value for key, value in module.state_dict().items()}
    groups: dict[str, Any] = {}
    for name, optimiser in optimisers.items():
        state = optimiser.state_dict()
        groups[name] = state["param_groups"]
        for index, entries in state["state"].items():
            tensors |= {f"optimiser/{name}/{index}/{key}": value for key, value in entries.items()}
    header = {"facts": facts, "groups": groups, "numpy": rng.bit_generator.state}
    data = save(
        {key: value.detach().cpu().contiguous().clone() for key, value in tensors.items()},
        metadata={"state": json.dumps(header)},
    )
    with write_atomic(path) as file:
        file.write(data)


def load_state(
    path: Path, *, modules: dict[str, nn.Module], optimisers: dict[str, Optimizer], rng: np.random.Generator
) -> dict[str, Any]:
    """Restore what `save_state` wrote into modules, optimisers and generators of the same shape; returns `facts`."""
    try:
        with safe_open(path, framework="pt") as file:
            header = _header(file)
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        for name, module in modules.items():
            prefix = f"module/{name}/"
            module.load_state_dict({k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})
        for name, optimiser in optimisers.items():
            prefix, state = f"optimiser/{name}/", {}
            for key, value in tensors.items():
                if key.startswith(prefix):
                    index, entry = key.removeprefix(prefix).split("/")
                    state.setdefault(int(index), {})[entry] = value
            optimiser.load_state_dict({"state": state, "param_groups": header["groups"][name]})
    except (SafetensorError, KeyError, ValueError, RuntimeError) as error:
        raise ModelCorrupt(
            f"The checkpoint {path} does not fit this training; start again in an empty run folder."
        ) from error
    rng.bit_generator.state = header["numpy"]
    torch.set_rng_state(tensors["rng/torch"])
    return header["facts"]


def saved_facts(path: Path) -> dict[str, Any]:
    """The `facts` of a state, without its tensors."""
    with safe_open(path, framework="pt") as file:
        return _header(file)["facts"]


def _header(file: Any) -> dict[str, Any]:
    return json.loads(file.metadata()["state"])
