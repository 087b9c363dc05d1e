"""Every recipe's trainer, by the recipe's name in studio.jobs.spec.SPECS."""

from training.trainer import Trainer
from training.trainers.any_style import AnyStyleTrainer
from training.trainers.art import ArtTrainer
from training.trainers.codec import CodecTrainer
from training.trainers.converter import ConverterTrainer
from training.trainers.damage import DamageTrainer
from training.trainers.encoder import EncoderTrainer
from training.trainers.faces import FacesTrainer
from training.trainers.landmarks import LandmarksTrainer
from training.trainers.perceptual import PerceptualTrainer
from training.trainers.props import PropsTrainer
from training.trainers.refiner import RefinerTrainer
from training.trainers.repair import RepairTrainer
from training.trainers.restore import RestoreTrainer
from training.trainers.scratches import ScratchesTrainer
from training.trainers.sliders import SlidersTrainer
from training.trainers.upscale import UpscaleTrainer
from training.trainers.vae import VAETrainer
from training.trainers.words import WordsTrainer

RECIPES: dict[str, type[Trainer]] = {
    "perceptual": PerceptualTrainer,
    "faces": FacesTrainer,
    "props": PropsTrainer,
    "repair": RepairTrainer,
    "scratches": ScratchesTrainer,
    "art": ArtTrainer,
    "landmarks": LandmarksTrainer,
    "sliders": SlidersTrainer,
    "words": WordsTrainer,
    "upscale": UpscaleTrainer,
    "encoder": EncoderTrainer,
    "refiner": RefinerTrainer,
    "restore": RestoreTrainer,
    "damage": DamageTrainer,
    "codec": CodecTrainer,
    "anystyle": AnyStyleTrainer,
    "converter": ConverterTrainer,
    "vae": VAETrainer,
}
