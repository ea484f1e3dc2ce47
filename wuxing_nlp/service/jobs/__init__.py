"""Large work that goes on by itself."""
