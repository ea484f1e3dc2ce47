"""The layers around the application."""
