"""A USB plug without USB: a pyusb back end whose devices are models of ours. The wire, pyusb and the driver above it are the real ones.

A model answers control requests, gives what an IN endpoint has to say (None: nothing yet, the host goes on waiting) and takes what is written. `pull`
does what unplugging does: every transfer under way fails, and the device is no longer found.
"""

import threading
import time
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Protocol

import usb.backend
import usb.core

from drivers.simulated.faults import Unplugged

TICK_S = 0.02
ENODEV, EBUSY, EPIPE, EOVERFLOW, ETIMEDOUT = 19, 16, 32, 75, 110


class Stall(Exception):
    """The model refuses a transfer, as a device does with a stall."""


class Mute(Exception):
    """The model will say nothing more to this transfer: the host's patience ends at once, so that tests need not wait for it."""


@dataclass(frozen=True)
class Face:
    """One alternate setting of an interface: its class, subclass and protocol, and its endpoints: address -> type (2 bulk, 3 interrupt)."""

    number: int = 0
    alternate: int = 0
    codes: tuple[int, int, int] = (0xFF, 0xFF, 0xFF)
    endpoints: tuple[tuple[int, int], ...] = ((0x81, 3), (0x82, 2))


class UsbModel(Protocol):
    """What a device does."""

    ids: tuple[int, int]
    faces: tuple[Face, ...]

    def control(self, setup: tuple[int, int, int, int], data: bytes, length: int) -> bytes:
        """A request: (type, request, value, index), what comes with it, and how long an answer may be. Raises Stall, Mute, Unplugged."""

    def give(self, endpoint: int, length: int) -> bytes | None:
        """What an IN endpoint has to say now; None while it has nothing. Raises Stall."""

    def take(self, endpoint: int, data: bytes) -> int | None:
        """How many of these bytes are taken; None while the device takes nothing. Raises Stall."""


@dataclass
class _Plugged:
    model: UsbModel
    port: tuple[int, ...]
    held: set[int] = field(default_factory=set)
    kernel: set[int] = field(default_factory=set)
    fitting: frozenset[int] = frozenset()
    pulled: bool = False


class UsbPlug(usb.backend.IBackend):  # type: ignore[misc]  # pyusb has no types
    """A bus, number 9, of models."""

    def __init__(self) -> None:
        super().__init__()
        self._plugged: list[_Plugged] = []
        self._change = threading.Condition()

    def plug(self, model: UsbModel, port: Iterable[int] = (1,), kernel_driver_on: Iterable[int] = ()) -> None:
        """Plug a device in, with a kernel driver on some of its interfaces."""
        held = frozenset(kernel_driver_on)
        with self._change:
            self._plugged.append(_Plugged(model, tuple(port), kernel=set(held), fitting=held))

    def pull(self, model: UsbModel) -> None:
        """Pull its plug."""
        with self._change:
            for plugged in [plugged for plugged in self._plugged if plugged.model is model]:
                plugged.pulled = True
                self._plugged.remove(plugged)
            self._change.notify_all()

    def kernel_has(self, model: UsbModel) -> set[int]:
        """The interfaces that a kernel driver holds."""
        return next(plugged.kernel for plugged in self._plugged if plugged.model is model)

    def free(self, model: UsbModel) -> bool:
        """Whether nobody has claimed anything of it."""
        return not next(plugged.held for plugged in self._plugged if plugged.model is model)

    # what pyusb asks of a back end

    def enumerate_devices(self) -> list[_Plugged]:
        """Every device."""
        return list(self._plugged)

    def get_parent(self, dev: _Plugged) -> None:
        """No hubs."""

    def get_device_descriptor(self, dev: _Plugged) -> Any:
        """USB 2, one configuration, no strings."""
        vendor, product = dev.model.ids
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0, bMaxPacketSize0=64,
            idVendor=vendor, idProduct=product, bcdDevice=0x100, iManufacturer=0, iProduct=0, iSerialNumber=0, bNumConfigurations=1,
            address=len(dev.port) + 1, bus=9, port_number=dev.port[-1], port_numbers=dev.port, speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: _Plugged, config: int) -> Any:
        """The only one. Raises IndexError past it, as pyusb expects."""
        if config:
            raise IndexError(config)
        count = len({face.number for face in dev.model.faces})
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=0, bNumInterfaces=count, bConfigurationValue=1, iConfiguration=0,
            bmAttributes=0x80, bMaxPower=100, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: _Plugged, intf: int, alt: int, config: int) -> Any:
        """By position. Raises IndexError past the last."""
        numbers = sorted({face.number for face in dev.model.faces})
        face = [face for face in dev.model.faces if face.number == numbers[intf]][alt]
        kind, subclass, protocol = face.codes
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=face.number, bAlternateSetting=face.alternate, bNumEndpoints=len(face.endpoints),
            bInterfaceClass=kind, bInterfaceSubClass=subclass, bInterfaceProtocol=protocol, iInterface=0, extra_descriptors=[], face=face,
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: _Plugged, ep: int, intf: int, alt: int, config: int) -> Any:
        """By position."""
        address, kind = self.get_interface_descriptor(dev, intf, alt, config).face.endpoints[ep]
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=address, bmAttributes=kind, wMaxPacketSize=64, bInterval=1, bRefresh=0,
            bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: _Plugged) -> _Plugged:
        """The device is its own handle."""
        self._there(dev)
        return dev

    def close_device(self, dev_handle: _Plugged) -> None:
        """Nothing to free."""

    def get_configuration(self, dev_handle: _Plugged) -> int:
        """Configured from the start."""
        return 1

    def set_configuration(self, dev_handle: _Plugged, config_value: int) -> None:
        """Nothing changes."""

    def set_interface_altsetting(self, dev_handle: _Plugged, intf: int, altsetting: int) -> None:
        """The model is told as by the standard request SET_INTERFACE."""
        self.ctrl_transfer(dev_handle, 0x01, 11, altsetting, intf, array("B"), 100)

    def claim_interface(self, dev_handle: _Plugged, intf: int) -> None:
        """For one alone."""
        with self._change:
            self._there(dev_handle)
            if intf in dev_handle.held or intf in dev_handle.kernel:
                raise usb.core.USBError("Resource busy", -6, EBUSY)
            dev_handle.held.add(intf)

    def release_interface(self, dev_handle: _Plugged, intf: int) -> None:
        """Ends what is under way on it, as the kernel does."""
        with self._change:
            dev_handle.held.discard(intf)
            self._change.notify_all()

    def bulk_write(self, dev_handle: _Plugged, ep: int, intf: int, data: Any, timeout: int) -> int:
        """Write to an endpoint."""
        taken = self._wait(dev_handle, intf, timeout, lambda: dev_handle.model.take(ep, bytes(data)))
        return 0 if taken is None else int(taken)

    def bulk_read(self, dev_handle: _Plugged, ep: int, intf: int, buff: Any, timeout: int) -> int:
        """Read from an endpoint into a buffer."""
        said = self._wait(dev_handle, intf, timeout, lambda: dev_handle.model.give(ep, len(buff)))
        if said is None:
            return 0
        if len(said) > len(buff):
            raise usb.core.USBError("Overflow", -8, EOVERFLOW)
        buff[: len(said)] = array("B", said)
        return len(said)

    intr_write, intr_read = bulk_write, bulk_read

    def ctrl_transfer(self, dev_handle: _Plugged, kind: int, request: int, value: int, index: int, data: Any, timeout: int) -> int:
        """A control request."""
        setup, inward = (kind, request, value, index), bool(kind & 0x80)
        said = self._wait(dev_handle, None, timeout, lambda: dev_handle.model.control(setup, b"" if inward else bytes(data), len(data)))
        if not inward:
            return len(data)
        said = said[: len(data)]
        data[: len(said)] = array("B", said)
        return len(said)

    def clear_halt(self, dev_handle: _Plugged, ep: int) -> None:
        """Models do not stay halted."""

    def is_kernel_driver_active(self, dev_handle: _Plugged, intf: int) -> bool:
        """Whether a kernel driver holds the interface."""
        self._there(dev_handle)
        return intf in dev_handle.kernel

    def detach_kernel_driver(self, dev_handle: _Plugged, intf: int) -> None:
        """Put it aside."""
        dev_handle.kernel.discard(intf)

    def attach_kernel_driver(self, dev_handle: _Plugged, intf: int) -> None:
        """Give it back, where the kernel has a driver for it."""
        self._there(dev_handle)
        dev_handle.kernel |= dev_handle.fitting & {intf}

    def _there(self, plugged: _Plugged) -> None:
        if plugged.pulled:
            raise usb.core.USBError("No such device (it may have been disconnected)", -4, ENODEV)

    def _wait(self, plugged: _Plugged, interface: int | None, timeout_ms: int, deed: Callable[[], Any]) -> Any:
        """Try until the model has something; None when the interface was released meanwhile."""
        due = time.monotonic() + timeout_ms / 1000 if timeout_ms else float("inf")
        with self._change:
            # a control request needs no interface; the others end when theirs is released
            while interface is None or interface in plugged.held:
                done = self._tried(plugged, deed)
                if done is not None:
                    self._change.notify_all()
                    return done
                left = due - time.monotonic()
                if left <= 0:
                    raise usb.core.USBTimeoutError("Operation timed out", -7, ETIMEDOUT)
                self._change.wait(min(TICK_S, left))
            self._there(plugged)
            return None

    def _tried(self, plugged: _Plugged, deed: Callable[[], Any]) -> Any:
        """What the model does, in libusb's words where it fails."""
        self._there(plugged)
        try:
            return deed()
        except Stall:
            raise usb.core.USBError("Pipe error", -9, EPIPE) from None
        except Mute:
            raise usb.core.USBTimeoutError("Operation timed out", -7, ETIMEDOUT) from None
        except Unplugged:
            self.pull(plugged.model)
            self._there(plugged)
