"""What people find in a kit, and the two programs that run in it without anything of this package."""
