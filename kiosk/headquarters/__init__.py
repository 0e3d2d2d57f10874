"""Headquarters: the receiver that stores and acknowledges, and, as another user with the key, the opener."""
