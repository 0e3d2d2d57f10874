"""The machine readable zone in a picture: found at any turn, straightened, recognised, decoded, or refused with a reason.

`read_zone(image)` for a picture in memory, `read_file(path)` and `main(argv)` for files, `placement(image)` and `Votes` for a live
camera. Needs opencv-python and numpy alone; `training` makes the recogniser's weights and is not imported here.
"""

from drivers.passport.zone.files import main, print_readings, read_file
from drivers.passport.zone.placing import Hint, placement
from drivers.passport.zone.read import read_zone
from drivers.passport.zone.reading import Reason, ZoneReading
from drivers.passport.zone.votes import Votes

__all__ = ["Hint", "Reason", "Votes", "ZoneReading", "main", "placement", "print_readings", "read_file", "read_zone"]
