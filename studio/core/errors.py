"""What can go wrong, in words a person can act on.

Every error that reaches a person is a StudioError whose message is one sentence naming the input and the remedy.
"""


class StudioError(Exception):
    """Base of all errors meant for people."""


class BadInput(StudioError):
    """A picture, mask, folder or setting that cannot be used."""


class ModelMissing(StudioError):
    """A model that is not in the library."""


class ModelCorrupt(StudioError):
    """A model file that fails its checksum or is not what it says."""


class StorageFull(StudioError):
    """A file could not be written for want of space or permission."""


class OutOfMemory(StudioError):
    """The picture or batch does not fit in memory."""


class Cancelled(StudioError):
    """The person stopped the task."""

    def __init__(self, message: str = "Stopped.") -> None:
        super().__init__(message)
