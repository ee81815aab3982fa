"""From a returned file to frames in which every value knows its cell."""
