"""Change the face in photos: it is found, drawn by the face model, steered like a made one, and put back.

Without any steering the photo stays as it is; its settings tell the face's code, for `easel faces --code`.
"""

from studio.commands.pictures import picture_verb
from studio.engine.tasks.portrait import PortraitRequest

configure, run = picture_verb(PortraitRequest)
