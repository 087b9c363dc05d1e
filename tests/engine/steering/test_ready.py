"""Getting ready: what the first optimiser imports is there before it is asked for, without a process waiting for it."""

import subprocess
import sys

PROGRAM = """
import sys
from studio.engine.steering.ready import get_ready
assert "torch._dynamo" not in sys.modules, "nothing is left to get ready for"
get_ready().join()
assert "torch._dynamo" in sys.modules and get_ready() is get_ready()
"""


def test_what_the_first_optimiser_needs_is_imported_beforehand() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)
