"""What every worker needs, loaded once for all of them: imported by the server that they are forked from."""

from gouji import examining, reading, returning
from templates.library import all_forms, all_supplements

__all__ = ["examining", "reading", "returning"]

all_forms()
all_supplements()
