"""The programs of the command line, one file each: what is started, in which order, and stopped in the mirrored order."""
