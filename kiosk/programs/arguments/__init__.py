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
    Command("mrz", "read the machine readable zone of photographs; one JSON line a file", mrz),
    Command("lane", "run a kiosk", lane, logs=True),
    Command("console", "run an officer's console", console, logs=True),
    Command("check", "say what is ready at a station and what is not", check),
    Command(
        "headquarters", "receive what a state's stations record; with a word look, order, open, export, erase", headquarters, logs=True
    ),
    Command("keys", "make keys: a founding for practice, or step by step those of a state", keys),
    Command("broker", "run a broker for practice on the loopback address: mosquitto, or where it is missing the one from PyPI", broker),
    Command("load", "be a lane without a screen, or a fleet of them, that sends synthetic records", load, logs=True),
)
HEADINGS = {"demo": "to try it", "lane": "at a post", "headquarters": "at headquarters", "broker": "for practice and for sizing"}
