"""Make old photos whole: damage filled, noise and blur taken away, fading undone, contrast; on request faces and size.

easel oldphoto scans -o out
easel oldphoto scan.jpg --faces 0.6 --factor 2 -o out
"""

from studio.commands.pictures import picture_verb
from studio.engine.tasks.oldphoto import OldPhotoRequest

configure, run = picture_verb(OldPhotoRequest)
