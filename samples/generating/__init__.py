"""What `gouji.samples.generate` is made of: names, honest figures, the generator's own arithmetic, faults."""
