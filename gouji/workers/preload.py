"""What every worker needs, loaded once for all of them: imported by the server that they are forked from."""

import gc
import os
from contextlib import suppress

from gouji import examining, reading, returning
from gouji.templates.errors import DefinitionError
from gouji.templates.library import OTHER_FORMS, all_forms, all_supplements

__all__ = ["examining", "reading", "returning"]

if OTHER_FORMS not in os.environ:  # those come out of an archive, and only a worker may be lost over them
    with suppress(DefinitionError):  # the first task meets it again, and can say so where this server could not
        all_forms()
        all_supplements()
gc.freeze()  # it stays: no worker looks through it for garbage, nor has it copied for that
