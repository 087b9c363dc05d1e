"""Better light, colour, noise and blur of pictures, by classical means. What is not asked for stays as it is."""

from studio.commands.pictures import picture_verb
from studio.engine.tasks.enhance import EnhanceRequest

configure, run = picture_verb(EnhanceRequest)
