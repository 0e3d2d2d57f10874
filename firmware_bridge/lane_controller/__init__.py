"""The lane's own microcontroller: lamp, barrier, presence and alarms. `messages` is the protocol, `client` the host's end of it."""
