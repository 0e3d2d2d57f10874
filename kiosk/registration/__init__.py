"""PURE. One traveller's session at one kiosk: states, events, commands, and step(state, event) -> Step."""
