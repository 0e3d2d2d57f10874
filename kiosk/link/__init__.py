"""A station's line to a broker: what waits goes out, what headquarters has is let go, signed words come in (law 4)."""
