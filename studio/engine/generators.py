"""The two kinds of networks that draw faces, a GAN and a VAE, under one interface: codes of seeds and faces, and back.

A code is what lies between: a GAN's styles [layers, style], a VAE's latent [latent]; straight lines between two codes
of one network lead from face to face.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from studio.core.errors import BadInput
from studio.core.image import resize
from studio.engine.pixels import to_rgb, to_tensor
from studio.engine.steering.codes import code_of_seed
from studio.engine.steering.directions import principal
from studio.models.face_gan import FaceGAN
from studio.models.vae import VAE

APART = 0.6  # deviations by which a face drawn `near` another differs from it


class FaceGenerator(Protocol):
    """`size` in px; a face is uint8 [S, S, 3]."""

    @property
    def size(self) -> int: ...

    def of_seed(self, seed: int, variety: float) -> Tensor:
        """The code of a random face; `variety` 0 is the average face, 1 as varied as the data."""
        ...

    def of_face(self, face: np.ndarray) -> Tensor:
        """The code of a given face of any size, by the network's encoder in one pass."""
        ...

    def near(self, code: Tensor, draw: torch.Generator) -> Tensor:
        """Another code, a little away."""
        ...

    def rgb(self, code: Tensor) -> np.ndarray:
        """The face of a code. One a pass: a batch would round otherwise."""
        ...


@dataclass(frozen=True)
class GANFaces:
    network: FaceGAN
    device: torch.device

    @property
    def size(self) -> int:
        return self.network.config.size

    @cached_property
    def directions(self) -> Tensor:
        return principal(self.network.generator)

    def of_seed(self, seed: int, variety: float) -> Tensor:
        return code_of_seed(self.network.generator, seed, variety)

    def of_face(self, face: np.ndarray) -> Tensor:
        return self.network.code(fitted(face, self.size, self.device))[0]

    def near(self, code: Tensor, draw: torch.Generator) -> Tensor:
        amounts = APART * torch.randn(len(self.directions), generator=draw).to(code.device)
        return code + amounts @ self.directions

    def rgb(self, code: Tensor) -> np.ndarray:
        return to_rgb(self.network.generator.synthesize(code[None]))


@dataclass(frozen=True)
class VAEFaces:
    network: VAE
    device: torch.device

    @property
    def size(self) -> int:
        return self.network.config.size

    def noise(self, draw: torch.Generator) -> Tensor:
        return torch.randn(1, self.network.config.latent, generator=draw).to(self.device)

    def of_seed(self, seed: int, variety: float) -> Tensor:
        """From the noise that a GAN of as wide a latent takes for this seed."""
        return self.network.drawn(variety * self.noise(torch.Generator("cpu").manual_seed(seed)))[0]

    def of_face(self, face: np.ndarray) -> Tensor:
        return self.network.encode(fitted(face, self.size, self.device))[0][0]

    def near(self, code: Tensor, draw: torch.Generator) -> Tensor:
        """Between the code and a random one, on the arc that keeps the spread of the data."""
        mean = self.network.z_mean
        return mean + (1 - APART**2) ** 0.5 * (code - mean) + APART * (self.network.drawn(self.noise(draw))[0] - mean)

    def rgb(self, code: Tensor) -> np.ndarray:
        return to_rgb(self.network.decode(code[None]))


def fitted(face: np.ndarray, size: int, device: torch.device) -> Tensor:
    """A square face as a network of `size` px takes it, [1, 3, size, size]."""
    return to_tensor(face if len(face) == size else resize(face, (size, size)), device)


def face_generator(name: str, network: nn.Module, device: torch.device) -> FaceGenerator:
    """The model `name` as a generator of faces; BadInput for one that is neither kind."""
    if isinstance(network, FaceGAN):
        return GANFaces(network, device)
    if isinstance(network, VAE):
        return VAEFaces(network, device)
    raise BadInput(f"The model '{name}' draws no faces; choose a face model or a VAE.")
