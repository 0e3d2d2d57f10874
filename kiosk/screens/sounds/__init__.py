"""The three short sounds, and how they were made."""
