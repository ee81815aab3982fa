"""`gouji status`: how a round stands, in about ten lines, and what is to be done next."""

from __future__ import annotations

from rich.console import Console

from gouji.commands.catalogue import catalogue_in_round, misplaced, tell_broken
from gouji.round.folder import Round
from gouji.round.standing import standing
from gouji.round.standing_words import next_steps, standing_lines
from gouji.screen import say
from gouji.workers.chosen import reader


def show_status(round_: Round) -> None:
    """Prints it, by the forms of the last run, else by those of the round. Raises what `standing` raises."""
    console = Console()
    catalogue = catalogue_in_round(round_)
    if len(catalogue.layers) > 1 and catalogue.broken:
        tell_broken(catalogue)
    with reader() as process:
        status = standing(round_, catalogue, process, misplaced=misplaced(catalogue))
    for head, text in standing_lines(status):
        say(console, f"{head}　{text}")
    for number, step in enumerate(next_steps(status)):
        say(console, f"{'下一步' if not number else '　　　'}　{step.words}")
