"""The kinds of scoring rules: what a rate is worth under every reading, and which scores can be had at all."""
