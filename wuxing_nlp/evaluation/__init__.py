"""Scores, their uncertainty and calibration, and the baselines: pure functions of codes and probabilities."""
