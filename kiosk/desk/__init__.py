"""PURE. The officer's desk: which cases wait, which one is open, what was decided."""
