"""Plain text in any of the encodings that Chinese offices use."""
