"""The application: the command line and the one place where the stages are wired."""
