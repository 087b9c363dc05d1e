"""One training on many GPUs or computers: torchrun -m -- training RECIPE ... with the same recipes and the same files.

    torchrun --nproc-per-node 2 -m -- training faces --data portraits --run runs/faces --resume
    torchrun --nnodes 2 --nproc-per-node 8 --rdzv-backend c10d --rdzv-endpoint HOST:29500 -m -- training faces ...

`batch` is that of all processes together: each takes its share of every batch's pictures, the gradients are averaged as
one flat tensor a network (after Li et al., PyTorch Distributed, 2020), and all step alike. No network is wrapped, so
penalties, frozen layers and several passes a step work as they do alone. The first process alone writes files; the run
folder and the pictures are looked for at the same path by each.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import numpy as np
import torch
from torch import distributed, nn
from torch.optim import Optimizer

from studio.core.device import choose_device
from studio.core.errors import BadInput

PATIENCE = timedelta(minutes=30)  # a slow disk may keep one process reading while the others wait


def size() -> int:
    """How many processes train together, 1 when there is but this one."""
    return distributed.get_world_size() if distributed.is_available() and distributed.is_initialized() else 1


def rank() -> int:
    """This process's number among them, from 0."""
    return distributed.get_rank() if size() > 1 else 0


def is_first() -> bool:
    """Whether this process writes the files."""
    return rank() == 0


@contextmanager
def joined(device: str) -> Iterator[str]:
    """Join the processes that torchrun started, if it did; gives the device of this one."""
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        yield device
        return
    chosen = choose_device(device)
    if chosen.type == "cuda":
        chosen = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(chosen)
    distributed.init_process_group("nccl" if chosen.type == "cuda" else "gloo", timeout=PATIENCE)
    try:
        yield str(chosen)
    finally:
        distributed.destroy_process_group()


def share(batch: list[int]) -> list[int]:
    """This process's part of a batch of all; BadInput when it cannot be shared out evenly."""
    if len(batch) % size():
        raise BadInput(f"A batch of {len(batch)} cannot be shared by {size()} processes; choose a multiple (batch).")
    part = len(batch) // size()
    return batch[rank() * part : (rank() + 1) * part]


def average_gradients(optimiser: Optimizer) -> None:
    """Give all processes the mean of their gradients, in one all-reduce of a flat tensor; before they are clipped."""
    if size() == 1:
        return
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    # one that has no gradient here may have one elsewhere, and all must send the same places
    present = agreed([int(p.grad is not None) for p in parameters], parameters[0].device)
    parameters = [p for p, there in zip(parameters, present, strict=True) if there]
    if not parameters:
        return
    flat = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).reshape(-1) for p in parameters])
    distributed.all_reduce(flat)
    flat /= size()
    for parameter, part in zip(parameters, flat.split([p.numel() for p in parameters]), strict=True):
        parameter.grad = part.view_as(parameter).clone()


def join(modules: Iterable[nn.Module], optimisers: Iterable[Optimizer]) -> None:
    """Start alike: all processes get the first one's weights and buffers, and will step along the same gradients.

    BadInput for a recipe that has no gradients to share.
    """
    if size() == 1:
        return
    optimisers = list(optimisers)
    if not optimisers:
        raise BadInput("This recipe learns in one process alone; start it without torchrun.")
    for module in modules:
        for value in module.state_dict().values():
            sent = value.contiguous()
            distributed.broadcast(sent, 0)
            value.copy_(sent)
    for optimiser in optimisers:  # for those that do not clip too; of means it makes the same mean once more
        optimiser.register_step_pre_hook(lambda one, *_: average_gradients(one))


def own_noise(seed: int, seen: int) -> np.random.Generator | None:
    """Noise and augmentation of this process's own from here on; None for the first, which keeps that of the run."""
    if is_first():
        return None
    torch.manual_seed(np.random.SeedSequence((seed, seen, rank())).generate_state(1)[0].item())
    return np.random.default_rng((seed, seen, rank()))


def agreed(values: list[int], device: torch.device) -> list[int]:
    """The largest of each number among all processes: one that stops stops all."""
    if size() == 1:
        return values
    numbers = torch.tensor(values, device=device)
    distributed.all_reduce(numbers, op=distributed.ReduceOp.MAX)
    return [int(value) for value in numbers.tolist()]


def told(number: int, device: torch.device) -> int:
    """The first process's number, 0 or more."""
    return agreed([number if is_first() else -1], device)[0]


def any_of(flag: bool, device: torch.device) -> bool:
    """Whether it is so in any of the processes."""
    return bool(agreed([int(flag)], device)[0])


@contextmanager
def sent(path: Path, device: torch.device) -> Iterator[Path]:
    """A file of the first process's where each can read it: there as it is, elsewhere a copy for the while."""
    if size() == 1:
        yield path
        return
    data = path.read_bytes() if is_first() else b""
    length = told(len(data), device)
    block = torch.frombuffer(bytearray(data or bytes(length)), dtype=torch.uint8).to(device)
    distributed.broadcast(block, 0)
    if is_first():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="easel-") as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(block.cpu().numpy().tobytes())
        yield copy
