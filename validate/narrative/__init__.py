"""What the text of a return says against what its tables say."""
