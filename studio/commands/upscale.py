"""Enlarge pictures without blur. The model that ships was trained on faces."""

from studio.commands.pictures import picture_verb
from studio.engine.tasks.upscale import UpscaleRequest

configure, run = picture_verb(UpscaleRequest)
