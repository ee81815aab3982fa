"""What the sentences of a return state: figures with their item, year and unit, each with its sentence."""
