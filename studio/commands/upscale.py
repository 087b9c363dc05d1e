"""Enlarge pictures 2 to 4 times without blur, faces by a network for faces and photos by one for photos."""

from studio.commands.pictures import picture_verb
from studio.engine.tasks.upscale import UpscaleRequest

configure, run = picture_verb(UpscaleRequest)
