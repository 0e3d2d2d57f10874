"""The officer's side of a crossing: one case, from the queue to its end. PURE."""
