"""What in a file acts or reaches outside it, known by what it is and not by what it is called."""
