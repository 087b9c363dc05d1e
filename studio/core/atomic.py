"""Files that appear whole or not at all."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from studio.core.errors import StorageFull


@contextmanager
def write_atomic(path: Path | str, mode: int = 0o644) -> Iterator[IO[bytes]]:
    """A binary file that replaces `path` when the block ends well; on any error nothing is left behind.

    Raises StorageFull when the disk is full or the folder may not be written.
    """
    path = Path(path)
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".easel-", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StorageFull(
                f"There is no room left to write {path.name}; free some disk space and try again."
            ) from error
        if error.errno in (errno.EISDIR, errno.ENAMETOOLONG):
            raise StorageFull(f"{path} cannot be the name of a file here; choose another name.") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
            raise StorageFull(f"{path.parent} may not be written to; choose another folder for {path.name}.") from error
        raise
    finally:
        if temporary is not None:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
