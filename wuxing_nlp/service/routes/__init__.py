"""The paths of the API, a concern a file."""
