"""Paste one picture into others. Its alpha says which of it; `--mode poisson` fits its colours to what is around."""

from studio.commands.pictures import picture_verb
from studio.engine.tasks.compose import ComposeRequest

configure, run = picture_verb(ComposeRequest, cutout="what is pasted, such as a PNG with alpha")
