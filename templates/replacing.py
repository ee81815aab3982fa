"""Files that are replaced whole: whoever looks there sees what was there before or all that was written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A place beside `path` to write to; at the end of the block what stands there takes the place of `path`.

    Where the block raises, `path` stays as it was. Nothing stays beside it either way. Raises OSError.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        yield draft
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
