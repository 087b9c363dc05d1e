"""What every test gets: a data folder of its own, the same chance, and Hypothesis settings for a busy computer."""

import itertools
import os
from pathlib import Path

import hypothesis
import pytest
import torch

from studio.core.settings import Home

hypothesis.settings.register_profile("easel", deadline=None, max_examples=30, database=None)
hypothesis.settings.load_profile("easel")

if "PYTEST_XDIST_WORKER" in os.environ:  # tests run side by side: each has a core, and so have the processes it starts
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    torch.set_num_threads(1)


_HOMES = itertools.count()


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty Easel home; `Home.default()` is this one for the length of the test, in child processes too."""
    # Counted here: pytest would read the folder of all of them each time, and there are thousands.
    root: Path = tmp_path_factory.mktemp(f"home-{next(_HOMES)}", numbered=False)
    monkeypatch.setenv("EASEL_HOME", str(root))
    return Home.default()


@pytest.fixture(autouse=True)
def chance() -> None:
    """The weights of a net made in a test are the same each time: a bound that holds today holds tomorrow."""
    torch.manual_seed(0)
