"""Devices: the host of each is started as the lane would start it, and has a few seconds to say that its device answers."""

import queue
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from drivers.contract import Kind
from kiosk.devices import HOST_ENDED, Back, Device, Lost, Told
from kiosk.diagnostics.readiness import Finding, State, ready
from kiosk.settings import DeviceSettings

PATIENCE_S = 8.0


def devices(
    settings: Mapping[Kind, DeviceSettings], progress: Callable[[str], None], patience_s: float = PATIENCE_S
) -> tuple[Finding, ...]:
    """All at once, since they do not wait for one another; their pictures go into a folder that is removed. One finding a kind of device."""
    told: queue.SimpleQueue[Told] = queue.SimpleQueue()
    said: dict[Kind, str] = {}
    with tempfile.TemporaryDirectory(prefix="mpaka-check-") as runtime:
        tried = [Device(kind, one.driver, one.settings, Path(runtime), told.put) for kind, one in settings.items()]
        progress(f"trying {len(tried)} devices, {patience_s:.0f} s at most")
        for device in tried:
            device.start()
        _listen(told, {device.kind for device in tried}, said, progress, time.monotonic() + patience_s)
        findings = [_device(device, said.get(device.kind, "the host does not answer")) for device in tried]
        for device in tried:
            device.hang_up()
        for device in tried:
            device.close()
    return (*findings, *(_missing(kind) for kind in Kind if kind not in settings))


def _listen(
    told: "queue.SimpleQueue[Told]", waited_for: set[Kind], said: dict[Kind, str], progress: Callable[[str], None], until: float
) -> None:
    """Until all answer, or time is up. What a device was lost for is kept; that its host ended says less than what it said before."""
    while waited_for and (left := until - time.monotonic()) > 0:
        try:
            one = told.get(timeout=left)
        except queue.Empty:
            return
        match one.word:
            case Back():
                waited_for.discard(one.kind)
                progress(f"{_name(one.kind)} answers")
            case Lost(reason=reason):
                if reason != HOST_ENDED or one.kind not in said:
                    said[one.kind] = reason.removeprefix("DeviceAbsent: ")
            case _:
                # a picture or a notice: nothing of it is wanted here
                continue


def _device(device: Device, said: str) -> Finding:
    if device.ready:
        return ready(_name(device.kind), device.identity)
    to_do = f"is it plugged in and switched on? then see [devices.{device.kind}] in the settings, and whether the user may open it (groups)"
    return Finding(_name(device.kind), State.NOT_READY, said, to_do)


def _missing(kind: Kind) -> Finding:
    to_do = f"the lane passes that step and leaves it to the officer; if there is one, add [devices.{kind}]"
    return Finding(_name(kind), State.WARNING, "the settings name none", to_do)


def _name(kind: Kind) -> str:
    return kind.replace("_", " ")
