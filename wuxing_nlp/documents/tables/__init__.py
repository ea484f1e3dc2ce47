"""Tables: one row, one document."""
