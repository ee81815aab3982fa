"""What is wrong with a round folder, said to whoever works in it."""

from __future__ import annotations


class RoundError(Exception):
    """A round folder cannot be used as it is; the message is Chinese and says what to do."""
