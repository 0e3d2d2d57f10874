"""The officer's screens: one grid, dense and calm, nothing moves."""
