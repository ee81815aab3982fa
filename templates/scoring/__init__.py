"""What the parameters of a scoring rule mean, whoever asks: the criterion in words, the scores that it can yield."""
