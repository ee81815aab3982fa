"""What every worker needs, loaded once for all of them: imported by the server that they are forked from."""

import gc
from contextlib import suppress

from gouji import examining, reading, returning
from gouji.templates.catalogue import built_in
from gouji.templates.errors import DefinitionError

__all__ = ["examining", "reading", "returning"]

with suppress(DefinitionError):  # the first task meets it again, and can say so where this server could not
    _ = built_in().supplements
gc.freeze()  # it stays: no worker looks through it for garbage, nor has it copied for that
