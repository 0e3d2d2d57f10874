"""The journal of a station: what was recorded stays recorded, in one chain, until headquarters has it (laws 3, 4, 5, 9)."""
