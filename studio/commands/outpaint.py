"""Make pictures larger at their sides; the new borders go on as the pictures do."""

from studio.commands.pictures import picture_verb
from studio.engine.tasks.outpaint import OutpaintRequest

configure, run = picture_verb(OutpaintRequest)
