"""Biometric records of fingers. PURE.

`minutiae_records` reads and writes ISO/IEC 19794-2 and ANSI INCITS 378 (values in `minutiae`, what follows the minutiae in `extended`,
what stands against the standard in `faults`); `finger_images` reads and writes ISO/IEC 19794-4:2005.
"""
