"""Cameras that look at faces."""
