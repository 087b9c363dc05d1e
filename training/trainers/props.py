"""Sprites and props: the face generator with a fourth channel.

Colours are laid on grey by alpha, so that what is transparent has one colour only, and nothing beneath it is learnt.
"""

from dataclasses import replace

from numpy import ndarray

from studio.core.errors import BadInput, StudioError
from studio.core.image import list_pictures, read_picture
from studio.core.sprites.square import squared
from studio.models.face_gan import FaceGANConfig
from training.trainers.faces import FacesTrainer, face_config


class PropsTrainer(FacesTrainer):
    family = "props"

    def fresh(self) -> FaceGANConfig:
        return replace(face_config(self.spec.size, self.spec.width), image_channels=4)

    def pictures(self) -> list[ndarray]:
        """Each picture that can be read; BadInput when none can, or nothing of them is transparent."""
        found, clear = [], False
        for path in list_pictures(self.spec.data):
            try:
                picture = read_picture(path)
            except StudioError:
                continue
            found.append(squared(picture, self.config.size))
            clear = clear or (picture.alpha is not None and bool(picture.alpha.min() < 255))
        where = ", ".join(self.spec.data)
        if not found:
            raise BadInput(f"No picture could be read in {where}; add sprites as PNG or WebP.")
        if not clear:
            raise BadInput(f"No picture in {where} is transparent anywhere; cut the props out.")
        return found
