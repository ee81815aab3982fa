"""反馈意见: a letter to every unit that has something to mend or to explain."""
