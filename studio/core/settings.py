"""Where things are kept and how large they may be. Nothing is read at import."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

MAX_PIXELS = 25_000_000  # cameras sold as 24 MP give a little more


def assets_dir() -> Path:
    """The shipped assets: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "assets"
    return inside if inside.is_dir() else package.parent / "assets"


@dataclass(frozen=True, kw_only=True)
class Home:
    """The user's data folder: models, runs, jobs and outputs. EASEL_HOME overrides the platform's place."""

    root: Path

    @classmethod
    def default(cls) -> "Home":
        chosen = os.environ.get("EASEL_HOME")
        return cls(root=Path(chosen) if chosen else Path(platformdirs.user_data_dir("easel", appauthor=False)))

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def uploads(self) -> Path:
        """Pictures of training jobs, one folder a job, kept until the job is deleted."""
        return self.root / "uploads"

    @property
    def outputs(self) -> Path:
        return self.root / "outputs"

    @property
    def favourites(self) -> Path:
        """Faces that were put aside, as files that bring them back."""
        return self.root / "favourites"

    @property
    def users(self) -> Path:
        """Who may log in, when other computers can reach the studio."""
        return self.root / "users.json"

    @property
    def log(self) -> Path:
        """What a studio that others can reach notes: logins, refusals, damaged models."""
        return self.root / "studio.log"

    @property
    def history(self) -> Path:
        """What was made, a folder a result; `history_db` lists them."""
        return self.root / "history"

    @property
    def history_db(self) -> Path:
        return self.root / "history.sqlite3"

    @property
    def jobs_db(self) -> Path:
        return self.root / "jobs.sqlite3"

    @property
    def cache(self) -> Path:
        return self.root / "cache"
