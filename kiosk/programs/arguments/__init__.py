"""What each command takes on the command line: one file a command, `add(parser)` and `run(chosen)`; COMMANDS lists them.

`run` imports its program only when it is wanted: `mpaka mrz` needs no window, `mpaka lane` no test.
"""

from dataclasses import dataclass
from types import ModuleType

from kiosk.programs.arguments import broker, check, console, demo, headquarters, keys, lane, load, mrz, test


@dataclass(frozen=True)
class Command:
    """A word after `mpaka`. `arguments` is its file here; `logs` says whether it runs long enough to keep a log."""

    name: str
    what: str
    arguments: ModuleType
    logs: bool = False


COMMANDS = (
    Command("demo", "play the whole post on this machine, without hardware", demo),
    Command("test", "run every check of the house; with arguments, pytest alone with these", test),
    Command("lane", "run a kiosk", lane, logs=True),
    Command("console", "run an officer's console", console, logs=True),
    Command("headquarters", "receive records of a state's stations, look at the stations, or open records", headquarters, logs=True),
    Command("load", "be a lane without a screen that sends synthetic records; for sizing and judging", load, logs=True),
    Command("broker", "run a broker for practice on the loopback address: mosquitto, or where it is missing the one from PyPI", broker),
    Command("check", "say what is ready at a station and what is not", check),
    Command("mrz", "read the machine readable zone of photographs; one JSON line a file", mrz),
    Command("keys", "make keys: a founding for practice, or step by step those of a state", keys),
)
