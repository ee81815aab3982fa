"""The end of a round: everything of it in one archive, and the round done again out of one."""
