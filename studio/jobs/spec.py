"""One frozen dataclass a recipe: every setting of a training, its default and its meaning, without a trainer.

A form, the command line and the job store all read these; `training.recipes.RECIPES` maps each to its trainer.
"""

import dataclasses
import json
import os
from dataclasses import dataclass, field
from typing import Any, ClassVar

from studio.core.errors import BadInput


def setting(default: Any, help: str) -> Any:
    """A dataclass field with a word of explanation for `--help` and forms."""
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True, kw_only=True)
class TrainingSpec:
    """What every recipe needs."""

    recipe: ClassVar[str]

    data: tuple[str, ...]
    name: str = setting("", "name of the finished model; empty: the recipe's name")
    base: str = setting("", "model of the library to start from; empty: from scratch")
    images: int = setting(100_000, "pictures seen before the run ends")
    batch: int = setting(16, "pictures a step")
    lr: float = setting(2e-4, "learning rate of Adam")
    seed: int = setting(0, "seed of weights, augmentation and sampling")
    save_seconds: int = setting(120, "seconds between checkpoints")
    sheet_seconds: int = setting(60, "seconds between sample sheets")
    snapshots: int = setting(5, "newest snapshots of the model that are kept, of one each tenth of the run")

    def __post_init__(self) -> None:
        if not self.data:
            raise BadInput("A training needs at least one folder or file of pictures; give --data.")
        for label in ("images", "batch", "save_seconds", "sheet_seconds", "rank"):
            if getattr(self, label, 1) < 1:
                raise BadInput(f"The setting '{label}' is {getattr(self, label)}; it must be at least 1.")
        if self.snapshots < 0:
            raise BadInput(f"The setting 'snapshots' is {self.snapshots}; it must be at least 0.")
        if not 0 < self.lr <= 1:
            raise BadInput(f"The setting 'lr' is {self.lr}; it must be above 0 and at most 1.")

    @property
    def model_name(self) -> str:
        return self.name or self.recipe

    @property
    def title(self) -> str:
        """What a person calls the job."""
        return self.model_name

    @property
    def sources(self) -> tuple[str, ...]:
        """Every file and folder of pictures that the training reads."""
        return self.data

    def absolute(self) -> "TrainingSpec":
        """The same with absolute paths, as far as the recipe has them: the worker runs in another folder."""
        changes: dict[str, Any] = {}
        for key in ("data", "styles", "teacher", "labels", "landmarks"):
            value = getattr(self, key, "")
            if isinstance(value, tuple):
                changes[key] = tuple(map(os.path.abspath, value))
            elif value:
                changes[key] = os.path.abspath(value)
        return dataclasses.replace(self, **changes)

    def to_json(self) -> str:
        return json.dumps({"recipe": self.recipe, **dataclasses.asdict(self)})


@dataclass(frozen=True, kw_only=True)
class PerceptualSpec(TrainingSpec):
    """The perceptual encoder: distilled from a teacher's features and from folder labels."""

    recipe: ClassVar[str] = "perceptual"
    teacher: str = setting("", "safetensors of torchvision's squeezenet1_1 features; empty: labels only")
    batch: int = setting(32, "pictures a step")
    lr: float = setting(1e-3, "learning rate of Adam")
    size: int = setting(64, "side of a training crop, px")


@dataclass(frozen=True, kw_only=True)
class FacesSpec(TrainingSpec):
    """The face generator: autoencoder warm start, then adversarial (relativistic, R1 + R2) with reconstruction kept."""

    recipe: ClassVar[str] = "faces"
    size: int = setting(128, "side of a face, px; a smaller base grows to it")
    width: int = setting(192, "channels of the 4 px stage; the others follow")
    lr: float = setting(5e-4, "learning rate of Adam")
    warmup: int = setting(-1, "pictures seen as an autoencoder first; -1: 40,000, none on a base")
    gamma: float = setting(2.0, "weight of the gradient penalties at the start; falls to a tenth")
    reconstruct: float = setting(2.0, "weight of the reconstruction term in the adversarial phase")
    subject: str = setting("faces", "faces: found and aligned; any: the middle square of any picture")
    focus: float = setting(0.0, "how close random faces keep to the pictures: 0 as varied as the base, 1 as they alone")
    freeze: int = setting(0, "stages of the generator below so many px stay as they are, of the critic below twice")
    thaw: float = setting(1.0, "share of the run after which frozen stages learn too; 1: never")
    anchor: float = setting(0.0, "pull of the weights towards those of the base")
    augment: float = setting(0.7, "share of pictures that the critic sees shifted and in other colours")
    variety: float = setting(0.4, "of the pictures' own variety, below which samples have collapsed; 0: not watched")


@dataclass(frozen=True, kw_only=True)
class PropsSpec(FacesSpec):
    """The face generator for sprites and props with alpha: gems, swords, trees, whatever stands free."""

    recipe: ClassVar[str] = "props"
    size: int = setting(64, "side of a prop, px; a smaller base grows to it")
    subject: str = setting("any", "any: each picture is a prop, whole and in the middle of a square")


@dataclass(frozen=True, kw_only=True)
class EncoderSpec(TrainingSpec):
    """The head by which a face model finds faces of photos; the rest of the model stays as it is."""

    recipe: ClassVar[str] = "encoder"
    base: str = setting("faces", "the face model")
    rank: int = setting(64, "width of the head's narrow layer")
    images: int = setting(40_000, "pictures seen before the run ends")
    lr: float = setting(3e-4, "learning rate of Adam")


@dataclass(frozen=True, kw_only=True)
class RefinerSpec(TrainingSpec):
    """The net that brings what a face model's encoder finds of a photo nearer to it, step by step."""

    recipe: ClassVar[str] = "refiner"
    faces: str = setting("faces", "the face model")
    rank: int = setting(192, "width of what joins the layers' steps")
    images: int = setting(60_000, "pictures seen before the run ends")
    batch: int = setting(16, "pictures a step")
    lr: float = setting(1e-3, "learning rate of Adam")


@dataclass(frozen=True, kw_only=True)
class RepairSpec(TrainingSpec):
    """The inpainting net: reconstruction, perceptual and adversarial losses under random masks."""

    recipe: ClassVar[str] = "repair"
    size: int = setting(192, "side of a training crop, px")
    width: int = setting(32, "channels of the first stage")
    batch: int = setting(8, "pictures a step")
    adversarial: float = setting(0.4, "weight of the patch discriminator; 0 switches it off")


@dataclass(frozen=True, kw_only=True)
class ArtSpec(TrainingSpec):
    """The style net: one conditional instance norm a preset, all presets in one file."""

    recipe: ClassVar[str] = "art"
    styles: tuple[str, ...] = setting((), "style pictures or folders of them; each becomes a preset")
    size: int = setting(192, "side of a training crop, px")
    batch: int = setting(4, "pictures a step")
    lr: float = setting(1e-3, "learning rate of Adam")
    style_weight: float = setting(5.0, "weight of style against content")


@dataclass(frozen=True, kw_only=True)
class AnyStyleSpec(TrainingSpec):
    """The net that paints like any picture: its norms are set by what the perceptual encoder tells of that picture."""

    recipe: ClassVar[str] = "anystyle"
    styles: tuple[str, ...] = setting((), "style pictures or folders of them; empty: the pictures themselves")
    textures: tuple[str, ...] = setting((), "further pictures to take styles from, such as close-ups")
    held: tuple[str, ...] = setting((), "names of style pictures that are kept for the sheets and not learned from")
    abstract: float = setting(0.25, "share of styles that are drawn by chance: strokes, tiles, dots, marble")
    size: int = setting(128, "side of a training crop, px")
    batch: int = setting(4, "pictures a step")
    lr: float = setting(1e-3, "learning rate of Adam")
    style_weight: float = setting(20.0, "weight of style against content")


@dataclass(frozen=True, kw_only=True)
class ConverterSpec(TrainingSpec):
    """A look learned from two unpaired folders, photos and pictures of the look; it becomes a preset."""

    recipe: ClassVar[str] = "converter"
    look: tuple[str, ...] = setting((), "pictures of the look, or folders of them")
    size: int = setting(128, "side of a training crop, px")
    width: int = setting(16, "channels of the net's first stage")
    blocks: int = setting(5, "residual blocks of the net")
    batch: int = setting(4, "pictures a step")
    images: int = setting(40_000, "pictures seen before the run ends")
    lr: float = setting(5e-4, "learning rate of Adam")
    gamma: float = setting(0.5, "weight of the critic's gradient penalties")
    content_weight: float = setting(1.0, "weight of keeping every patch what it was")


@dataclass(frozen=True, kw_only=True)
class LandmarksSpec(TrainingSpec):
    """The landmark net: points of the face from portraits that come with a file of theirs."""

    recipe: ClassVar[str] = "landmarks"
    landmarks: str = setting("", "NumPy archive of the pictures' file names and MediaPipe face-mesh points")
    batch: int = setting(32, "pictures a step")
    lr: float = setting(1e-3, "learning rate of Adam")


@dataclass(frozen=True, kw_only=True)
class SlidersSpec(TrainingSpec):
    """Named sliders for a face model, from portraits of which some have labels."""

    recipe: ClassVar[str] = "sliders"
    faces: str = setting("faces", "the face model that the sliders are for")
    labels: tuple[str, ...] = setting((), "tables (.csv) of the pictures' file names (column 'file') and attributes")
    attributes: tuple[str, ...] = setting(
        ("smile", "mouth_open", "yaw", "age", "female", "glasses", "facial_hair", "hair_l", "skin_l", "bg_l"),
        "columns that become sliders; of a column with two words, a word",
    )
    teacher: str = setting(
        "", "safetensors of torchvision's squeezenet1_1 features to tell attributes by; may be empty"
    )
    images: int = setting(6_000, "faces made and judged before the run ends")


@dataclass(frozen=True, kw_only=True)
class WordsSpec(TrainingSpec):
    """Words that steer faces, from captions made of labelled portraits' attributes."""

    recipe: ClassVar[str] = "words"
    faces: str = setting("faces", "the face model of the sample sheets")
    sliders: str = setting("sliders", "the sliders whose attributes get words")
    labels: tuple[str, ...] = setting((), "tables (.csv) of the pictures' file names (column 'file') and attributes")
    images: int = setting(120_000, "captions read before the run ends")
    batch: int = setting(64, "captions a step")
    lr: float = setting(2e-3, "learning rate of Adam")


@dataclass(frozen=True, kw_only=True)
class UpscaleSpec(TrainingSpec):
    """The super-resolution net: faithful (L1), or crisp with a patch discriminator."""

    recipe: ClassVar[str] = "upscale"
    scale: int = setting(2, "how many times larger a side becomes, 2 or 4")
    size: int = setting(96, "side of a training crop, px")
    width: int = setting(48, "channels of the net")
    blocks: int = setting(8, "residual blocks of the net")
    soften: float = setting(0.0, "share of each pixel that its neighbours take first, 0 to 0.5; for made pictures")
    lr: float = setting(5e-4, "learning rate of Adam")
    adversarial: float = setting(0.0, "weight of the patch discriminator; 0 trains for fidelity alone")
    worn: float = setting(0.0, "share of small pictures that are made noisy, soft or blocky")


@dataclass(frozen=True, kw_only=True)
class RestoreSpec(TrainingSpec):
    """The restoration net: takes away noise, JPEG's blocks and blur of known levels."""

    recipe: ClassVar[str] = "restore"
    size: int = setting(128, "side of a training crop, px")
    width: int = setting(32, "channels of the first stage")
    lr: float = setting(5e-4, "learning rate of Adam")


@dataclass(frozen=True, kw_only=True)
class ScratchesSpec(TrainingSpec):
    """The net for narrow holes: fills scratches, hairs and lettering, a few px across."""

    recipe: ClassVar[str] = "scratches"
    size: int = setting(96, "side of a training crop, px")
    width: int = setting(32, "channels of the first stage")
    lr: float = setting(1e-3, "learning rate of Adam")


@dataclass(frozen=True, kw_only=True)
class DamageSpec(TrainingSpec):
    """The damage net: finds scratches, cracks, dust, stains, folds and tears, drawn on whole pictures."""

    recipe: ClassVar[str] = "damage"
    size: int = setting(192, "side of a training crop, px; a multiple of 64")
    width: int = setting(32, "channels of the first stage")
    batch: int = setting(8, "pictures a step")
    lr: float = setting(1e-3, "learning rate of Adam")


@dataclass(frozen=True, kw_only=True)
class CodecSpec(TrainingSpec):
    """The picture codec: a hyperprior autoencoder, one model for all qualities."""

    recipe: ClassVar[str] = "codec"
    images: int = setting(200_000, "pictures seen before the run ends")
    batch: int = setting(8, "pictures a step")
    size: int = setting(128, "side of a training crop, px; a multiple of 64")
    width: int = setting(96, "channels of the transforms")
    blocks: int = setting(3, "residual blocks of a transform")
    latent: int = setting(160, "channels of the latents")
    lr: float = setting(0.005, "learning rate of Muon; a twentieth of it for Adam")


@dataclass(frozen=True, kw_only=True)
class VAESpec(TrainingSpec):
    """The variational autoencoder: a generator that learns by likeness alone, to compare with the face generator."""

    recipe: ClassVar[str] = "vae"
    size: int = setting(128, "side of a picture, px")
    width: int = setting(192, "channels of the 4 px stage; the others follow")
    latent: int = setting(128, "numbers a picture is described by")
    batch: int = setting(32, "pictures a step")
    lr: float = setting(1e-3, "learning rate of Adam")
    beta: float = setting(1.0, "weight of the prior: more gives better samples and softer likenesses")
    subject: str = setting("faces", "faces: found and aligned; any: the middle square of any picture")


SPECS: dict[str, type[TrainingSpec]] = {
    spec.recipe: spec
    for spec in (
        PerceptualSpec,
        FacesSpec,
        PropsSpec,
        RepairSpec,
        ArtSpec,
        LandmarksSpec,
        SlidersSpec,
        WordsSpec,
        UpscaleSpec,
        EncoderSpec,
        RefinerSpec,
        RestoreSpec,
        ScratchesSpec,
        DamageSpec,
        CodecSpec,
        AnyStyleSpec,
        ConverterSpec,
        VAESpec,
    )
}


def spec_from_json(text: str) -> TrainingSpec:
    """The spec that `to_json` wrote; unknown recipes and settings are refused."""
    values = json.loads(text)
    recipe = values.pop("recipe", None)
    if recipe not in SPECS:
        raise BadInput(f"There is no recipe '{recipe}'; choose one of {', '.join(SPECS)}.")
    kind = SPECS[recipe]
    known = {f.name: f for f in dataclasses.fields(kind)}
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise BadInput(f"The recipe '{recipe}' has no setting '{unknown[0]}'.")
    settings: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    return kind(**settings)
