"""A frozen network from elsewhere that trainings look at pictures with; it never ships."""

from collections.abc import Collection

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.errors import BadInput


class Teacher(nn.Module):
    """The convolutional part of SqueezeNet 1.1 (Iandola et al., 2016): [B, 3, H, W] in [-1, 1] -> the maps of `taps`.

    `taps` are indices in torchvision's `squeezenet1_1().features`. BadInput when `path` holds something else.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, path: str, taps: Collection[int]) -> None:
        super().__init__()
        from torchvision.models import squeezenet1_1  # here: it takes three seconds, and few runs have a teacher

        features = squeezenet1_1().features
        try:
            state = {key.removeprefix("features."): value.float() for key, value in load_file(path).items()}
            features.load_state_dict(state)
        except (OSError, SafetensorError, RuntimeError) as error:
            raise BadInput(
                f"{path} does not hold the features of squeezenet1_1; give its .safetensors file."
            ) from error
        self.features, self.taps = features[: max(taps) + 1], frozenset(taps)
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer("deviation", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))
        self.eval().requires_grad_(False)

    @torch.no_grad()
    def forward(self, x: Tensor) -> list[Tensor]:
        """At twice the size: it was trained on larger pictures than ours."""
        x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        x = (x * 0.5 + 0.5 - self.mean) / self.deviation
        maps = []
        for index, layer in enumerate(self.features):
            x = layer(x)
            if index in self.taps:
                maps.append(x.float())
        return maps
