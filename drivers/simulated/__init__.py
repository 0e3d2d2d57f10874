"""Simulated devices: the real driver at one end, an emulator that speaks the device's real bytes at the other, and faults on order."""
