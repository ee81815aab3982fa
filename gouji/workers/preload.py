"""What every worker needs, loaded once for all of them: imported by the server that they are forked from."""

from contextlib import suppress

from gouji import examining, reading, returning
from templates.errors import DefinitionError
from templates.library import all_forms, all_supplements

__all__ = ["examining", "reading", "returning"]

with suppress(DefinitionError):  # the first task meets it again, and can say so where this server could not
    all_forms()
    all_supplements()
