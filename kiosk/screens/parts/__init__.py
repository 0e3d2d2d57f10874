"""What screens are made of. PURE: each part is a value that knows its place, and draws itself with a `Pen`.

A screen is a tuple of parts in the order they are drawn. Parts that are equal are drawn once and kept, so a change costs what changed.
Officer's and technician's screens are made of the same parts: `Panel`, `Words`, `Icon`, `Button`, `Tile`, `StepsBar`, `Art`, `Live`,
`Code`, `Waiting` are single; `header`, `table` and `overlay` put several together.
"""
