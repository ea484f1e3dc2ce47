"""What is in an archive: each entry a source of its own."""
