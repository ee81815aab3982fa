"""Where the work of a run is done: in this process, in others on this machine, or on a cluster."""
