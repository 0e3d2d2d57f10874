"""Opened crossings as other systems take them: their columns, what a sealed record becomes, tables, visas and permits. PURE."""
