"""The technician's screens: violet and dark, so that maintenance cannot be mistaken for a lane at work."""
