"""What only a whole batch shows: copies between units, a rule that nearly all break, figures unlike those of peers."""
