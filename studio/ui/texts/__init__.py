"""Every word of the page: key -> (English, Chinese). Braces are filled in by the server."""

from studio.ui.texts.art import ART
from studio.ui.texts.codec import CODEC
from studio.ui.texts.create import CREATE
from studio.ui.texts.faces import FACES
from studio.ui.texts.generators import GENERATORS
from studio.ui.texts.history import HISTORY
from studio.ui.texts.jobs import JOBS
from studio.ui.texts.models import METRICS, MODELS
from studio.ui.texts.names import NAMES
from studio.ui.texts.page import PAGE
from studio.ui.texts.pictures import PICTURES
from studio.ui.texts.restore import RESTORE
from studio.ui.texts.sprites import SPRITES
from studio.ui.texts.training import TRAINING

PARTS = (
    PAGE,
    FACES,
    PICTURES,
    ART,
    RESTORE,
    CREATE,
    CODEC,
    GENERATORS,
    SPRITES,
    HISTORY,
    TRAINING,
    JOBS,
    MODELS,
    METRICS,
    NAMES,
)
TEXTS: dict[str, tuple[str, str]] = {key: words for part in PARTS for key, words in part.items()}
