"""名册: the units that owe returns. The file (`tables`), its heads (`heads`), its lines (`lines`), what it may not say
twice (`doubles`), and how a name written on a return is matched to a unit of it (`matching`)."""

from gouji.ingest.roster.doubles import code_key
from gouji.ingest.roster.errors import RosterError
from gouji.ingest.roster.heads import COLUMNS
from gouji.ingest.roster.matching import SUSPENDING, Roster, Unit
from gouji.ingest.roster.owing import owing, per_project
from gouji.ingest.roster.read import read_roster, required_forms

__all__ = [
    "COLUMNS", "SUSPENDING", "Roster", "RosterError", "Unit", "code_key", "owing", "per_project", "read_roster",
    "required_forms",
]  # fmt: skip
