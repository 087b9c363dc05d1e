"""What the first search for a face would otherwise wait for."""

import functools
import threading

import torch


@functools.cache
def get_ready() -> threading.Thread:
    """Make an optimiser in a thread, once a process: torch imports its compiler for the first one, two seconds long."""
    thread = threading.Thread(target=lambda: torch.optim.Adam([torch.zeros(1, requires_grad=True)]), daemon=True)
    thread.start()
    return thread
