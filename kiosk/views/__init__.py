"""State and language in, what a screen says out. PURE: never a widget."""
