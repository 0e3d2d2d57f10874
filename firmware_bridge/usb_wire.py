"""USB through libusb (pyusb): control, bulk and interrupt transfers with deadlines, for us alone.

A device is named by vendor and product and, where two are alike, by its port path as the kernel writes it ("1-1.2": bus, then ports). The interface is
found by its descriptor, as are the endpoints; nothing relies on interface 0 or on strings, which some devices do not have. A kernel driver that holds
the interface is put aside; on close the kernel may have it again, also where an earlier program was killed and did not give it back. Several threads
may transfer at once; `close` ends what they wait for.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import usb.core
import usb.util

from firmware_bridge.tap import PULLED, SAID, SENT, note
from firmware_bridge.usb_ports import IDS, port_of
from firmware_bridge.wire import WireLost, WireSilent

IN, OUT = 0x80, 0x00
BULK, INTERRUPT = 2, 3
CHUNK, MOST_READ = 16384, 4096
CLOSE_S, CLOSE_STEP_S, WAIT_S = 3.0, 0.05, 1.0
VENDOR_IN, VENDOR_OUT, STANDARD_IN, GET_STATUS = 0xC0, 0x40, 0x80, 0x00
EACCES, EBUSY, ENODEV, EPIPE, EOVERFLOW, ETIMEDOUT = 13, 16, 19, 32, 75, 110
GONE = (EACCES, ENODEV)
WORDS = {EACCES: "we have no right to it (udev rule)", EBUSY: "another program holds it"}

log = logging.getLogger("firmware_bridge.usb")


class WireRefused(WireSilent):
    """The device is there and refused this transfer (a stall), or gave more than fits."""


@dataclass(frozen=True)
class UsbPlace:
    """Which device, and which of its interfaces; what is left out is not asked for.

    `ids` are pairs of vendor and product; `port` a path such as "1-1.2"; `interface` a number; `interface_class` a class code (7 printers, 0xFF
    vendor's own); `protocols` the interface protocols that will do, the best one first (printers: 2 both ways, 1 one way).
    """

    ids: tuple[tuple[int, int], ...] = ()
    port: str = ""
    interface: int | None = None
    interface_class: int | None = None
    protocols: tuple[int, ...] = ()


def read_ids(text: str) -> tuple[int, int]:
    """Vendor and product from "05ba:000a". Raises ValueError."""
    if not IDS.fullmatch(text):
        raise ValueError(f"{text}: expected vendor:product in hexadecimal, such as 05ba:000a")
    vendor, product = text.split(":")
    return int(vendor, 16), int(product, 16)


class UsbWire:
    """One interface of one device, claimed. `send` and `receive` use its first endpoints of bulk or interrupt type."""

    def __init__(self, place: UsbPlace, backend: Any = None) -> None:
        """Find and claim; raises WireLost with the reason. `backend`: another pyusb back end than libusb."""
        self._device = _find(place, backend)
        self.port, self.ids = _port_of(self._device), (int(self._device.idVendor), int(self._device.idProduct))
        self._name = f"{self.ids[0]:04x}:{self.ids[1]:04x} at {self.port}"
        self._change, self._flying, self._closed = threading.Condition(), 0, False
        self._owed, self.number = False, 0
        try:
            self._interface = self._claim(place)
        except usb.core.USBError as why:
            self._free()
            raise WireLost(f"{self._name} cannot be opened: {_reason(why)}") from None
        except WireLost:
            self._free()
            raise
        self.protocol = int(self._interface.bInterfaceProtocol)
        self.endpoints = tuple(int(endpoint.bEndpointAddress) for endpoint in self._interface)

    def control_in(self, request: int, value: int, index: int, length: int, timeout_s: float = 2.0) -> bytes:
        """A vendor's control request with an answer of at most so many bytes. Raises WireSilent, WireRefused, WireLost."""
        with self._transfer() as device:
            data = bytes(device.ctrl_transfer(VENDOR_IN, request, value, index, length, _ms(timeout_s)))
        note(SAID, data)
        return data

    def control_out(self, request: int, value: int, index: int, data: bytes = b"", timeout_s: float = 2.0) -> None:
        """A vendor's control request with data, all of it. Raises WireSilent, WireRefused, WireLost."""
        with self._transfer() as device:
            taken = int(device.ctrl_transfer(VENDOR_OUT, request, value, index, data, _ms(timeout_s)))
        note(SENT, data[:taken])
        if taken != len(data):
            raise WireSilent(f"{self._name} took {taken} of {len(data)} bytes", taken)

    def read(self, endpoint: int, length: int, timeout_s: float | None) -> bytes:
        """One bulk or interrupt transfer, possibly short or empty. None waits until `close`. Raises WireSilent, WireRefused, WireLost."""
        while True:
            try:
                with self._transfer(endpoint) as device:
                    data = bytes(device.read(endpoint, length, _ms(WAIT_S if timeout_s is None else timeout_s)))
            except WireRefused:
                raise
            except WireSilent:
                # a device keeps what it has to say until it is asked; a transfer without an end could outlive the wire
                if timeout_s is not None:
                    raise
            else:
                note(SAID, data)
                return data

    def write(self, endpoint: int, data: bytes, timeout_s: float) -> int:
        """One bulk or interrupt transfer; how many bytes were taken, maybe fewer. Raises WireSilent, WireRefused, WireLost."""
        with self._transfer(endpoint) as device:
            taken = int(device.write(endpoint, data, _ms(timeout_s)))
        note(SENT, data[:taken])
        return taken

    def send(self, data: bytes, timeout_s: float = 2.0) -> None:
        """All of these bytes. Raises WireLost, WireSilent."""
        endpoint, taken, due = self.endpoint(OUT), 0, time.monotonic() + timeout_s
        while taken < len(data):
            try:
                taken += self.write(endpoint, data[taken : taken + CHUNK], due - time.monotonic())
            except WireRefused as why:
                raise WireRefused(str(why), taken) from None
            except WireSilent:
                raise WireSilent(f"{self._name} took {taken} of {len(data)} bytes in {timeout_s:g} s", taken) from None

    def receive(self, timeout_s: float) -> bytes:
        """What has come; empty after the time-out. Raises WireLost, WireRefused."""
        try:
            return self.read(self.endpoint(IN), MOST_READ, timeout_s)
        except WireRefused:
            raise
        except WireSilent:
            return b""

    def endpoint(self, direction: int, kinds: tuple[int, ...] = (BULK, INTERRUPT)) -> int:
        """The address of the first endpoint of this direction (IN, OUT) and of the first of these kinds that there is. Raises WireLost."""
        for kind in kinds:
            for endpoint in self._interface:
                address, attributes = int(endpoint.bEndpointAddress), int(endpoint.bmAttributes)
                if usb.util.endpoint_direction(address) == direction and usb.util.endpoint_type(attributes) == kind:
                    return address
        raise WireLost(f"{self._name} has no endpoint for this direction")

    def look(self, timeout_s: float = 0.2) -> None:
        """Ask the device for its status, as every device can tell it: says whether it is still there. Raises WireLost, WireSilent."""
        with self._transfer() as device:
            device.ctrl_transfer(STANDARD_IN, GET_STATUS, 0, 0, 2, _ms(timeout_s))

    def close(self) -> None:
        """End every transfer, free the interface, give it back to its kernel driver. May be called twice."""
        with self._change:
            if self._closed:
                return
            self._closed = True
        due = time.monotonic() + CLOSE_S
        while not self._landed():
            if time.monotonic() > due:
                # to close the device under a transfer would crash: the kernel frees it when the process ends
                log.warning("%s: a transfer does not end", self._name)
                return
        self._free()

    def _landed(self) -> bool:
        """Whether nobody waits for a transfer any more. The kernel ends those of an interface that is released."""
        with contextlib.suppress(usb.core.USBError):
            usb.util.release_interface(self._device, self.number)
        with self._change:
            return self._change.wait_for(lambda: not self._flying, CLOSE_STEP_S)

    def _claim(self, place: UsbPlace) -> Any:
        try:
            configuration = self._device.get_active_configuration()
        except usb.core.USBError as why:
            if why.errno:
                raise
            # not configured yet; never done otherwise, since it disturbs the other interfaces of the device
            self._device.set_configuration()
            configuration = self._device.get_active_configuration()
        interface = _choose(list(configuration), place)
        if interface is None:
            raise WireLost(f"{self._name} has no interface that fits")
        self.number = int(interface.bInterfaceNumber)
        if self._kernel_has():
            self._device.detach_kernel_driver(self.number)
            self._owed = True
        usb.util.claim_interface(self._device, self.number)
        # where none has it now, a program that was killed may not have given it back
        self._owed = True
        if sum(other.bInterfaceNumber == self.number for other in configuration) > 1:
            interface.set_altsetting()
        return interface

    def _kernel_has(self) -> bool:
        try:
            return bool(self._device.is_kernel_driver_active(self.number))
        except usb.core.USBError as why:
            if why.errno in GONE:
                raise
            # a kernel that cannot say: claiming will tell
            return False

    def _free(self) -> None:
        with contextlib.suppress(usb.core.USBError):
            usb.util.release_interface(self._device, self.number)
        if self._owed:
            # while the handle is still open, which attaching needs
            with contextlib.suppress(usb.core.USBError):
                self._device.attach_kernel_driver(self.number)
        usb.util.dispose_resources(self._device)

    @contextlib.contextmanager
    def _transfer(self, endpoint: int | None = None) -> Iterator[Any]:
        """Count a transfer that is under way, and say in our words how it failed."""
        with self._change:
            if self._closed:
                raise WireLost(f"{self._name} is closed")
            self._flying += 1
        try:
            yield self._device
        except usb.core.USBError as why:
            raise self._failure(why, endpoint) from None
        finally:
            with self._change:
                self._flying -= 1
                self._change.notify_all()

    def _failure(self, why: usb.core.USBError, endpoint: int | None) -> OSError:
        if isinstance(why, usb.core.USBTimeoutError) or why.errno == ETIMEDOUT:
            return WireSilent(f"{self._name} is silent")
        if why.errno in (EPIPE, EOVERFLOW):
            if endpoint is not None:
                with contextlib.suppress(usb.core.USBError):
                    self._device.clear_halt(endpoint)
            return WireRefused(f"{self._name} refuses: {_reason(why)}")
        note(PULLED)
        return WireLost(f"{self._name} is gone: {_reason(why)}")


def _port_of(device: Any) -> str:
    return port_of(int(device.bus), tuple(device.port_numbers or ()))


def _find(place: UsbPlace, backend: Any) -> Any:
    try:
        devices = list(usb.core.find(find_all=True, backend=backend, custom_match=lambda device: _fits(device, place)))
    except usb.core.NoBackendError:
        raise WireLost("libusb 1.0 is not installed") from None
    except usb.core.USBError as why:
        raise WireLost(f"the USB devices cannot be listed: {_reason(why)}") from None
    if len(devices) == 1:
        return devices[0]
    wanted = " or ".join(f"{vendor:04x}:{product:04x}" for vendor, product in place.ids) or "such a device"
    where = f" at port {place.port}" if place.port else ""
    if not devices:
        raise WireLost(f"{wanted}{where} is not there")
    ports = ", ".join(sorted(_port_of(device) for device in devices))
    raise WireLost(f"{wanted} is there {len(devices)} times, at ports {ports}: the settings must say which")


def _fits(device: Any, place: UsbPlace) -> bool:
    if place.ids and (device.idVendor, device.idProduct) not in place.ids:
        return False
    if place.port and _port_of(device) != place.port:
        return False
    if place.ids or place.interface_class is None:
        return bool(place.ids or place.port)
    try:
        return any(_choose(list(configuration), place) is not None for configuration in device)
    except usb.core.USBError:
        # one that is being unplugged
        return False


def _choose(interfaces: list[Any], place: UsbPlace) -> Any:
    """The interface, in its best alternate setting; None where none fits."""
    fitting = [
        interface
        for interface in interfaces
        if place.interface in (None, interface.bInterfaceNumber)
        and place.interface_class in (None, interface.bInterfaceClass)
        and (not place.protocols or interface.bInterfaceProtocol in place.protocols)
    ]
    if not place.protocols:
        return fitting[0] if fitting else None
    return min(fitting, key=lambda interface: place.protocols.index(interface.bInterfaceProtocol), default=None)


def _ms(timeout_s: float) -> int:
    """Never 0, which would be for ever."""
    return max(1, round(timeout_s * 1000))


def _reason(why: usb.core.USBError) -> str:
    return WORDS.get(why.errno or 0) or str(why.strerror or type(why).__name__)
