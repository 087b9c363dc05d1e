"""Every capability of the engine by its name: a Request class and the function that carries it out."""

from typing import Any

from studio.engine.tasks import faces, repair, style
from studio.engine.tasks.base import Task

TASKS: dict[str, Task[Any]] = {
    "faces": faces.TASK,
    "repair": repair.TASK,
    "style": style.TASK,
}
