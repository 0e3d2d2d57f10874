"""What a station does when headquarters commands it, and what is the same at every station: lists, key sets, logs.

The link has verified the command, put it in its order and seen that it is new; here it is carried out, on the link's thread. Each command
may be carried out a second time without harm: a kill between doing and answering makes headquarters ask again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.folders import lasting_file
from kiosk.journal.rows import Pressure
from kiosk.journal.writer import Journal
from kiosk.link.commands import arguments_of, lists_wish, logs_wish, object_wish
from kiosk.messages.canonical import canonical
from kiosk.messages.payloads import Command, CommandName, Result
from kiosk.roles import Role
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.station import KEY_SET, StationKeys, with_key_set
from kiosk.sign_on import StaffList, StaffListWrong, people_of
from kiosk.staff import STAFF_FILE, read_list
from kiosk.station_log import StationLog, pieces


class NotObeyed(ValueError):
    """A command is refused; the text says why, and nothing was changed."""


@dataclass(frozen=True)
class Obeyed:
    """What became of a command, and why. `ordered`: what of it holds over a restart, by name; an empty value ends it."""

    result: Result = Result.DONE
    why: str = ""
    ordered: Mapping[str, str] = field(default_factory=dict)


Deed = Callable[[Command], Obeyed]


def obey(command: Command, deeds: Mapping[CommandName, Deed]) -> Obeyed:
    """Carry a command out by its deed; what a station does not do is refused."""
    deed = deeds.get(command.name)
    if deed is None:
        return Obeyed(Result.REFUSED, f"this station does nothing for {command.name}")
    try:
        return deed(command)
    except NotObeyed as why:
        return Obeyed(Result.REFUSED, str(why))
    except OSError as why:
        return Obeyed(Result.FAILED, f"the disk: {why.strerror}; look at `df` and `dmesg`")


@dataclass(frozen=True)
class Owner:
    """The station that obeys: its post's code, the roles that it signs on, and what it does with newer keys and lists."""

    post: str
    roles: frozenset[Role]
    use_keys: Callable[[StationKeys], None]
    use_staff: Callable[[StaffList], None]


class Common:
    """What every station does on command. On the link's thread."""

    def __init__(self, received: Path, keys: StationKeys, staff: StaffList, journal: Journal, log: StationLog, owner: Owner) -> None:
        """`received` is the folder of what headquarters sent; the highest number counts, there or in the station's settings."""
        self._received, self._journal, self._log, self._owner = received, journal, log, owner
        self.keys, self.staff = keys, staff

    @property
    def deeds(self) -> dict[CommandName, Deed]:
        """By the command's name."""
        return {
            CommandName.KEY_SET: self._key_set,
            CommandName.LISTS: self._lists,
            CommandName.SEND_LOGS: self._send_logs,
            CommandName.FIRMWARE: _no_firmware,
        }

    def take_staff(self, listed: StaffList, content: bytes = b"") -> str:
        """Use a staff list with a higher number; the one that is here changes nothing. Returns what was done. Raises NotObeyed, OSError.

        `content` is kept among what headquarters sent; empty for a list that lies where the settings say."""
        if listed.number < self.staff.number:
            raise NotObeyed(f"staff list {listed.number} is older than {self.staff.number}, which is here")
        if listed.number == self.staff.number:
            if listed != self.staff:
                raise NotObeyed(f"another staff list {listed.number} is here: give each list a number of its own")
            return f"staff list {listed.number} is here already"
        if not people_of(listed.staff, self._owner.post, self._owner.roles):
            raise NotObeyed(f"nobody on staff list {listed.number} could sign on here")
        if content:
            lasting_file(self._received / STAFF_FILE, content)
        self.staff = listed
        self._owner.use_staff(listed)
        return f"staff list {listed.number}"

    def _lists(self, command: Command) -> Obeyed:
        wish = lists_wish(arguments_of(command))
        if isinstance(wish, str):
            raise NotObeyed(wish)
        content = canonical(wish)
        try:
            listed = read_list(content, self.keys.public.authority())
        except StaffListWrong as why:
            raise NotObeyed(str(why)) from None
        return Obeyed(why=self.take_staff(listed, content))

    def _key_set(self, command: Command) -> Obeyed:
        wish = object_wish(arguments_of(command), "key_set")
        if isinstance(wish, str):
            raise NotObeyed(wish)
        content = canonical(wish)
        try:
            keys = with_key_set(self.keys, content)
        except KeysWrong as why:
            raise NotObeyed(str(why)) from None
        number = keys.public.number
        if number == self.keys.public.number:
            return Obeyed(why=f"key set {number} is here already")
        lasting_file(self._received / KEY_SET, content)
        self.keys = keys
        self._owner.use_keys(keys)
        return Obeyed(why=f"key set {number}")

    def _send_logs(self, command: Command) -> Obeyed:
        """As audit records, one a piece; asked again after a kill, all of them are sent again under the command's id."""
        wish = logs_wish(arguments_of(command))
        if wish is None:
            raise NotObeyed("args.since is not a moment in UTC")
        if self._journal.pressure is Pressure.PAUSED:
            return Obeyed(Result.FAILED, "the journal is too full for logs")
        made = pieces(self._log.lines(wish))
        for number, text in enumerate(made, 1):
            self._journal.audit({"event": "log", "command": command.id, "piece": number, "of": len(made), "text": text})
        return Obeyed(why=f"{sum(text.count(chr(10)) + 1 for text in made)} lines in {len(made)} records")


def _no_firmware(_: Command) -> Obeyed:
    return Obeyed(Result.REFUSED, "firmware does not come by command in this version; install it at the station")
