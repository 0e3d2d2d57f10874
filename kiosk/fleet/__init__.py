"""A fleet of lanes in one process, for sizing and judging: true keys, records and acknowledgements; no screen, no device, one line a lane."""
