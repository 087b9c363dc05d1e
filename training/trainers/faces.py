"""Face generator: autoencoder warm start on the sphere, then adversarial training with the reconstruction kept.

Warm start after Kolouri et al., "Sliced-Wasserstein Autoencoders" (2018); the hybrid after Larsen et al., VAE-GAN
(2016); relativistic loss with R1 + R2 after Huang et al., R3GAN (2024), the penalties lazily every 16th step. Faces can
grow from run to run: most is learnt at 64 px, where a picture costs a third.
"""

import copy
from dataclasses import replace

import torch
from numpy import ndarray
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.device import mixed_precision
from studio.core.errors import BadInput
from studio.jobs.spec import FacesSpec
from studio.library.store import Library
from studio.models.face_gan import FaceGAN, FaceGANConfig, project
from studio.models.perceptual import PerceptualEncoder
from training.augment import diff_augment
from training.curation import cut
from training.data import Pictures, grid, opaque, order, to_pixels, to_tensor
from training.distributed import size
from training.ema import EMA
from training.gentle import Anchor, Variety, low_stages
from training.losses import (
    feature_distance,
    full_precision,
    gradient_penalty,
    pyramid_l1,
    relativistic,
    sliced_wasserstein,
)
from training.trainer import Product, Trainer, clipped_step, cosine, descend

FEW = 100  # with fewer pictures a fine-tune stays an autoencoder: a discriminator would learn them by heart
LAZY = 16  # steps between gradient penalties
WARMUP = 40_000  # pictures seen as an autoencoder when training from scratch
SETTLE = 400  # steps in which the new layers of a net that grew learn to do what the base did
ALONE = 120  # steps the discriminator trains before the generator listens to it
NOISE = 0.1  # latent noise of the autoencoder, in units of a latent's own deviation
COARSE = 4  # times smaller are the pictures whose likeness counts beside the discriminator
SPREAD = 0.25  # weight of the latents' distribution against the reconstruction
WHITE = 0.1  # weight of the latents' correlation in that: projections alone let most dimensions go unused
MEMORY = 512  # latents that the distribution is judged on: a batch alone says little in 128 dimensions
FITTED = 1000  # pictures whose latents tell how random ones are drawn
LOCAL = 4  # random faces a step that a focused generator must draw as its base does
SAME = 0.5  # weight of that
FEATURES = 1.0  # weight of the perceptual difference where likeness is all that counts
WATCHED = 64  # pictures whose variety samples are measured by
SHEET = 24


def face_config(size: int, width: int) -> FaceGANConfig:
    """Channels for a picture of `size` px, `width` at 4 and 8 px; BadInput on sizes that are no power of two."""
    stages = size.bit_length() - 3
    shares = (1, 1, 2 / 3, 1 / 3, 1 / 6, 1 / 12)
    if size < 16 or size & (size - 1) or stages > len(shares):
        raise BadInput(f"The face size {size} cannot be built; choose 16, 32, 64, 128 or 256.")
    return FaceGANConfig(channels=tuple(max(8, round(width * share / 8) * 8) for share in shares[:stages]))


def grown(base: FaceGAN, size: int) -> FaceGAN:
    """The base with further stages for pictures of `size` px (progressive growing, Karras et al., 2018, unfaded)."""
    config = replace(base.config, channels=face_config(size, base.config.channels[0]).channels)
    known = len(base.config.channels)
    if config.channels[:known] != base.config.channels:
        raise BadInput(f"This face model cannot grow from {base.config.size} to {size} px; set its own size (size).")
    net, added = FaceGAN(config), len(config.channels) - known
    own = net.state_dict()
    for key, value in base.state_dict().items():
        part, name = key.split(".", 1)
        if part != "generator" and name.startswith("blocks."):  # these count from the largest stage down
            _, index, rest = name.split(".", 2)
            key = f"{part}.blocks.{int(index) + added}.{rest}"
        if not name.startswith(("head.", "stem.")):
            own[key] = value
    net.load_state_dict(own)
    return net


def correlation(z: Tensor) -> Tensor:
    """How far the dimensions of latents [N, D] are from unit deviation without correlation.

    The squared difference of the second moments from the identity (Bardes et al., VICReg, 2022), summed by rows.
    """
    moments = z.T @ z / len(z)
    return (moments - torch.eye(z.shape[1], device=z.device)).square().sum(1).mean()


class Memory(nn.Module):
    """The last MEMORY latents, oldest first out."""

    latents: Tensor

    def __init__(self, latent: int) -> None:
        super().__init__()
        self.register_buffer("latents", project(torch.randn(MEMORY, latent)))

    def draw(self, count: int) -> Tensor:
        """Latents [count, D] distributed as the known ones: a Gaussian, projected to the sphere."""
        width = self.latents.shape[1]
        with full_precision(self.latents):
            ridge = 1e-3 * torch.eye(width, device=self.latents.device)
            spread = torch.linalg.cholesky(torch.cov(self.latents.T) + ridge)
            noise = torch.randn(count, width, device=self.latents.device)
            return project(self.latents.mean(0) + noise @ spread.T)

    def exchange(self, z: Tensor) -> Tensor:
        """Take in z [B, D]; returns [MEMORY, D] with z at the end, where gradients pass."""
        known = torch.cat([self.latents[len(z) :], z])
        self.latents = known.detach()
        return known


class Ease(nn.Module):
    """What a collapse leaves behind: the factor by which the rate has fallen, and the best variety so far."""

    factor: Tensor
    best: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("factor", torch.ones(()))
        self.register_buffer("best", torch.zeros(()))


class FacesTrainer(Trainer[FacesSpec]):
    family = "faces"

    def __init__(self, spec: FacesSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        net = self.start_from(spec.base) if spec.base else FaceGAN(self.fresh())
        assert isinstance(net, FaceGAN)
        base = net = net.rebuilt(references=0, offsets=0)  # both belong to the generator as it was
        if net.config.size < spec.size:
            net = grown(net, spec.size)
        self.net = net.to(device).to(memory_format=torch.channels_last)
        self.config = net.config
        self.arrays = self.pictures()
        self.base = base.to(device) if base is not net else None
        self.warmup = spec.warmup
        if spec.warmup < 0:
            self.warmup = (spec.images if len(self.arrays) <= FEW else 0) if spec.base else WARMUP
        self.hold(net if spec.base and net is base else None)
        self.ema = EMA(self.net, 10_000 * spec.batch / 32)
        self.optimisers = {
            "generator": torch.optim.Adam([*net.generator.parameters(), *net.encoder.parameters()], lr=spec.lr),
            "discriminator": torch.optim.Adam(net.discriminator.parameters(), lr=spec.lr),
        }
        self.memory = Memory(self.config.latent).to(device)
        if spec.base:
            with torch.no_grad():
                noise = torch.randn(MEMORY, self.config.latent, device=device)
                self.memory.latents.copy_(self.net.generator.drawn(noise))
        self.ease = Ease().to(device)
        self.modules = {"net": self.net, "ema": self.ema.module, "memory": self.memory, "ease": self.ease}
        draw = torch.Generator().manual_seed(spec.seed)
        self.fixed = torch.randn(SHEET, self.config.latent, generator=draw).to(device)

    def fresh(self) -> FaceGANConfig:
        """What is trained from scratch."""
        return face_config(self.spec.size, self.spec.width)

    def pictures(self) -> list[ndarray]:
        """The pictures to learn from, uint8 [size, size, image_channels]."""
        found = Pictures.read(self.spec.data, smallest=32, side=1024)
        return cut(found.arrays, self.config.size, self.spec.subject, self.library)

    def hold(self, base: FaceGAN | None) -> None:
        """Whatever keeps a fine-tune from losing what its base, of the same size, can do; and the watch over it."""
        spec = self.spec
        self.frozen = list(low_stages(self.net, spec.freeze)) if base else []
        self.anchor = Anchor(self.net, spec.anchor if base else 0.0)
        self.source = copy.deepcopy(self.net.generator).requires_grad_(False) if base and spec.focus else None
        self.encoder = self.watch = None
        self.noticed: dict[str, float] = {}
        if (spec.variety or self.source) and any(card.name == "perceptual" for card in self.library.cards()):
            encoder = self.library.load("perceptual", self.device)
            assert isinstance(encoder, PerceptualEncoder)
            self.encoder = encoder.requires_grad_(False)
            self.watch = Variety(encoder, self.arrays[:: -(-len(self.arrays) // WATCHED)]) if spec.variety else None
        self.watched = self.watch is not None

    def collapsed(self) -> bool:
        """Whether samples that were once varied are so no more."""
        if self.watch is None or not self.seen:
            return False
        share = self.watch.share(self.fitted()(self.fixed))
        self.noticed = {"variety": share}
        self.ease.best.clamp_(min=share)
        return share < self.spec.variety <= float(self.ease.best)

    def calm(self) -> None:
        self.ease.factor.mul_(0.5)

    def settle(self, base: FaceGAN) -> None:
        """Let the new layers alone do what the base's did, in copies of half the size: else they wreck the others."""
        net, known = self.net, len(base.config.channels)
        added = len(self.config.channels) - known
        fronts = [(net.encoder, base.encoder), (net.discriminator, base.discriminator)]
        fresh = [*net.generator.blocks[known:].parameters(), *net.generator.head.parameters()]
        for new, _ in fronts:
            fresh += [*new.stem.parameters(), *new.blocks[:added].parameters()]
        optimiser = torch.optim.Adam(fresh, lr=2e-3)
        for step in range(SETTLE):
            x = self.batch(step * self.spec.batch)
            small = F.avg_pool2d(x, 2**added)
            with torch.no_grad():
                w = base.generator.mapping(self.latents())
                features = base.generator.stages(w)[-1]
                wanted = F.interpolate(base.generator.picture(features).float(), scale_factor=2**added, mode="bilinear")
                entered = [old.stem(F.pixel_unshuffle(small, 2)).float() for _, old in fronts]
            with mixed_precision(self.device):
                for block in net.generator.blocks[known:]:
                    features = block(features, w, w)
                losses = [pyramid_l1(net.generator.picture(features), wanted, levels=2)]
                for (new, _), goal in zip(fronts, entered, strict=True):
                    y = new.stem(F.pixel_unshuffle(x, 2))
                    for block in new.blocks[:added]:
                        y = block(y)
                    losses.append(F.mse_loss(y.float(), goal) / goal.var())
                self.set_lr(optimiser, 2e-3 * cosine(step / SETTLE))
                descend(optimiser, {str(index): loss for index, loss in enumerate(losses)})
        self.ema.module.load_state_dict(net.state_dict())

    def batch(self, start: int) -> Tensor:
        chosen = [self.arrays[i] for i in order(len(self.arrays), start, self.spec.batch, self.spec.seed)]
        flipped = [a[:, ::-1] if self.rng.random() < 0.5 else a for a in chosen]
        return to_tensor(flipped, self.device)

    def latents(self) -> Tensor:
        return project(torch.randn(self.spec.batch // size(), self.config.latent, device=self.device))

    @property
    def adversarial_steps(self) -> int:
        """Steps since the discriminator began; negative before."""
        return (self.seen - self.warmup) // self.spec.batch

    def step(self) -> dict[str, float]:
        if self.base and not self.seen:
            self.settle(self.base)
        x = self.batch(self.seen)
        steps = self.adversarial_steps
        for optimiser in self.optimisers.values():
            self.set_lr(optimiser, self.rate)
            optimiser.param_groups[0]["betas"] = (0.0 if steps >= 0 else 0.9, 0.99)  # momentum unsettles adversaries
        losses, self.noticed = self.noticed, {}
        if steps >= 0:
            half = len(x) // 2
            z = self.net.encoder(x[:half]).float()
            made = self.net.generator(torch.cat([self.disturbed(z), self.memory.draw(len(x) - half)]))
            real, judged = self.discriminate(x, made.detach(), steps)
            losses |= judged
        else:
            z = self.net.encoder(x).float()
            made, real = self.net.generator(self.disturbed(z)), None
        losses |= self.generate(x, z, made, real if steps >= ALONE else None)
        self.anchor.pull(self.rate)
        self.ema.update(self.net, self.spec.batch, self.seen)
        return losses

    @property
    def rate(self) -> float:
        """The learning rate now."""
        return self.spec.lr * cosine(self.progress) * float(self.ease.factor)

    def keep_frozen(self) -> None:
        """Forget the gradients of what is not to learn yet."""
        if self.progress < self.spec.thaw:
            for parameter in self.frozen:
                parameter.grad = None

    def disturbed(self, z: Tensor) -> Tensor:
        """Codes with a little noise, so that the generator is smooth between them."""
        return project(z + NOISE * torch.randn_like(z))

    def discriminate(self, x: Tensor, made: Tensor, steps: int) -> tuple[Tensor, dict[str, float]]:
        """One step of the discriminator; also its scores of the real pictures before it."""
        critic, optimiser = self.net.discriminator, self.optimisers["discriminator"]
        critic.requires_grad_(True)
        share = self.spec.augment
        real, fake = critic(diff_augment(x, share)), critic(diff_augment(made, share))
        loss = relativistic(real, fake)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        result = {"critic": loss.item()}
        if steps % LAZY == 0:
            gamma = self.spec.gamma * (0.1 + 0.9 * cosine(self.progress, 0.0))
            penalty = torch.stack([gradient_penalty(critic, diff_augment(y, share)) for y in (x, made)]).sum()
            (LAZY * gamma / 2 * penalty).backward()
            result["penalty"] = penalty.item()
        self.keep_frozen()
        clipped_step(optimiser, 10.0)
        return real.detach(), result

    def generate(self, x: Tensor, z: Tensor, made: Tensor, real: Tensor | None) -> dict[str, float]:
        """One step of generator and encoder. The first of `made` come from the codes `z` of the first of `x`.

        Adversarial when given the scores of real pictures: then the codes' pictures must convince too, and their
        likeness counts in small copies alone, for detail is the discriminator's.
        """
        net, optimiser = self.net, self.optimisers["generator"]
        optimiser.zero_grad(set_to_none=True)
        smaller = 1 if real is None else COARSE
        again, wanted = (F.avg_pool2d(picture, smaller) for picture in (made[: len(z)], x[: len(z)]))
        difference = pyramid_l1(again, wanted, levels=3)
        known = self.memory.exchange(z)
        spread = sliced_wasserstein(known, project(torch.randn_like(known))) + WHITE * correlation(known)
        spread_weight = SPREAD * (1 - self.spec.focus) * len(known) / len(z)
        loss = self.spec.reconstruct * (difference + spread_weight * spread)
        if self.source is not None and real is None:
            loss = loss + self.near(z, made, x)
        result = {"reconstruction": difference.item(), "latent": spread.item()}
        if real is not None:
            net.discriminator.requires_grad_(False)
            convincing = relativistic(net.discriminator(diff_augment(made)), real)
            result["generator"] = convincing.item()
            loss = loss + convincing
        loss.backward()
        self.keep_frozen()
        result["gradient"] = clipped_step(optimiser, 10.0)
        return result

    def near(self, z: Tensor, made: Tensor, x: Tensor) -> Tensor:
        """Likeness in the perceptual encoder's eyes; and between random styles and those of the pictures the generator
        draws what its base did, as in pivotal tuning (Roich et al., 2022)."""
        assert self.source is not None
        generator = self.net.generator
        count = min(LOCAL, len(z))
        with torch.no_grad(), full_precision(z):
            other = self.source.style(self.source.drawn(torch.randn(count, z.shape[1], device=z.device)))
            share = 0.7 * torch.rand(count, 1, device=z.device)
            w = torch.lerp(other, generator.style(z[:count]), share)
        with torch.no_grad():
            wanted = self.source.synthesize(w)
        loss = SAME * pyramid_l1(generator.synthesize(w), wanted, levels=3)
        if self.encoder is not None:
            seen, real = (self.encoder(opaque(picture))[1:3] for picture in (made, x))
            loss = loss + FEATURES * feature_distance(seen, real)
        return loss

    @torch.no_grad()
    def fitted(self) -> FaceGAN:
        """A copy of the averaged nets that knows what random latents, and the mean style, are drawn from."""
        net = copy.deepcopy(self.ema.module)
        latents = self.encoded(net, self.arrays[:: max(1, len(self.arrays) // FITTED)])
        net.generator.fit_latents(latents, self.spec.focus)
        net.generator.measure_mean()
        return net

    def encoded(self, net: FaceGAN, arrays: list[ndarray]) -> Tensor:
        """Latents [N, D] of pictures."""
        batches = [to_tensor(arrays[i : i + 32], self.device) for i in range(0, len(arrays), 32)]
        return torch.cat([net.encoder(batch) for batch in batches])

    def sheet(self) -> ndarray:
        """Three rows of random faces at full variety, then a row of pictures above their reconstructions."""
        net = self.fitted()
        made = to_pixels(opaque(net(self.fixed)))
        real = to_tensor([self.arrays[i % len(self.arrays)] for i in range(8)], self.device)
        again = to_pixels(opaque(net.generator(net.encoder(real))))
        rows = [list(made[k : k + 8]) for k in range(0, SHEET, 8)]
        return grid([*rows, list(to_pixels(opaque(real))), list(again)])

    @torch.no_grad()
    def product(self) -> Product:
        net = self.fitted()
        net.discriminator.load_state_dict(self.net.discriminator.state_dict())
        net = net.remembering(self.encoded(net, self.arrays))
        return Product(net, net.config)
