"""Find the damage of old prints: a mask for each picture, white where there is damage, for `easel repair --mask`.

easel damage scan.jpg -o masks
easel damage scans --find stamp -o masks
"""

from studio.commands.pictures import picture_verb
from studio.engine.tasks.damage import DamageRequest

configure, run = picture_verb(DamageRequest)
