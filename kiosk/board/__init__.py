"""What headquarters looks at: stations' statuses folded into posts and lanes, and drawn as a page, a table, and metrics. PURE."""
