"""Formats shared by drivers, kiosk and tools. PURE, and of the standard library alone.

`mrz` reads machine readable zones and `making` writes them; the other modules hold what both need: layouts, check digits,
names, transliteration, dates, states and the classes of documents. `biometrics` reads and writes records of fingers.
"""
