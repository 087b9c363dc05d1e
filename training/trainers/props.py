"""Sprites and props: the face generator with a fourth channel.

Colours are multiplied by alpha, so that what is transparent has one colour only, and nothing beneath it is learnt.
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
        found = []
        for path in list_pictures(self.spec.data):
            try:
                found.append(squared(read_picture(path), self.config.size))
            except StudioError:
                continue
        where = ", ".join(self.spec.data)
        if not found:
            raise BadInput(f"No picture could be read in {where}; add sprites as PNG or WebP.")
        if all(array[..., 3].min() == 255 for array in found):
            raise BadInput(f"No picture in {where} is transparent anywhere; cut the props out.")
        return found
