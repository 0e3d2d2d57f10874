"""A USB wire: the device that was meant, for us alone, whatever it does, and given back afterwards."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from drivers.simulated.usb_plug import Face, UsbPlug
from firmware_bridge.usb_wire import UsbPlace, UsbWire, WireRefused, read_ids
from firmware_bridge.wire import WireLost, WireSilent
from tests.firmware_bridge.usb_models import BULK, Parrot

PATIENCE_S = 20
PARROT = UsbPlace(ids=(Parrot.ids,))
ONE_WAY, BOTH_WAYS = Face(0, 0, (7, 1, 1), ((0x02, BULK),)), Face(0, 1, (7, 1, 2), ((0x02, BULK), (0x82, BULK)))


def plugged(*models: Parrot, kernel_driver_on: tuple[int, ...] = ()) -> UsbPlug:
    plug = UsbPlug()
    for place, model in enumerate(models, 1):
        plug.plug(model, (1, place), kernel_driver_on)
    return plug


def test_bytes_and_requests_go_both_ways() -> None:
    parrot = Parrot()
    wire = UsbWire(PARROT, plugged(parrot))
    assert (wire.ids, wire.port, wire.endpoints) == ((0x1209, 1), "9-1.1", (0x81, 0x82, 0x03))
    wire.send(b"hello")
    assert parrot.heard == b"hello"
    parrot.queue(0x82, b"good day")
    assert wire.receive(1.0) == b"good day"
    assert wire.receive(0.0) == b""
    parrot.queue(0x81, bytes(64))
    assert wire.read(0x81, 64, None) == bytes(64)
    assert wire.control_in(4, 0x4E, 0, 3) == b"\0\1\2"
    wire.control_out(4, 0x4E, 0, b"\x10")
    assert parrot.asked[-2:] == [((0xC0, 4, 0x4E, 0), b""), ((0x40, 4, 0x4E, 0), b"\x10")]
    wire.look()
    wire.close()


def test_a_device_that_takes_a_little_at_a_time_gets_all_of_it() -> None:
    parrot = Parrot()
    parrot.most_at_once = 7
    wire = UsbWire(PARROT, plugged(parrot))
    wire.send(bytes(range(256)) * 2)
    assert parrot.heard == bytes(range(256)) * 2
    wire.close()


def test_a_device_that_takes_no_more_is_silent_and_says_how_much_it_took() -> None:
    parrot = Parrot()
    parrot.room = 100
    wire = UsbWire(PARROT, plugged(parrot))
    with pytest.raises(WireSilent, match="took 100 of 300") as silent:
        wire.send(bytes(300), 0.1)
    assert silent.value.taken == 100
    wire.close()


def test_a_device_that_says_nothing_is_silent_and_not_lost() -> None:
    wire = UsbWire(PARROT, plugged(Parrot()))
    with pytest.raises(WireSilent, match="is silent"):
        wire.read(0x82, 64, 0.05)
    wire.close()


def test_a_refusal_is_told_from_silence_and_the_wire_lives_on() -> None:
    parrot = Parrot()
    wire = UsbWire(PARROT, plugged(parrot))
    with pytest.raises(WireRefused, match="1209:0001 at 9-1.1 refuses: Pipe error"):
        wire.control_in(4, 0xDEAD, 0, 1)
    parrot.queue(0x82, b"stall")
    with pytest.raises(WireRefused):
        wire.receive(1.0)
    parrot.queue(0x82, bytes(65))
    with pytest.raises(WireRefused):
        wire.read(0x82, 64, 1.0)
    wire.send(b"still there")
    assert parrot.heard == b"still there"
    wire.close()


def test_an_unplugged_device_is_lost_at_once_also_to_a_thread_that_waits() -> None:
    parrot = Parrot()
    plug = plugged(parrot)
    wire = UsbWire(PARROT, plug)
    told: list[str] = []

    def wait() -> None:
        with pytest.raises(WireLost, match="is gone"):
            wire.read(0x81, 64, None)
        told.append("gone")

    waiting = threading.Thread(target=wait)
    waiting.start()
    plug.pull(parrot)
    waiting.join(PATIENCE_S)
    assert told == ["gone"]
    for deed in (lambda: wire.send(b"x"), lambda: wire.receive(1.0), wire.look, lambda: wire.control_in(4, 7, 0, 1)):
        with pytest.raises(WireLost):
            deed()
    wire.close()
    wire.close()
    with pytest.raises(WireLost, match="1209:0001 is not there"):
        UsbWire(PARROT, plug)


def test_closing_ends_what_other_threads_wait_for_and_frees_the_device() -> None:
    parrot = Parrot()
    plug = plugged(parrot)
    wire = UsbWire(PARROT, plug)
    came: list[bytes] = []
    waiting = threading.Thread(target=lambda: came.append(wire.read(0x81, 64, None)))
    waiting.start()
    while not wire._flying:
        pass
    wire.close()
    waiting.join(PATIENCE_S)
    assert came == [b""]
    assert plug.free(parrot)
    with pytest.raises(WireLost, match="is closed"):
        wire.receive(0.0)
    UsbWire(PARROT, plug).close()


def test_a_device_is_held_by_one_program_alone() -> None:
    plug = plugged(Parrot())
    wire = UsbWire(PARROT, plug)
    with pytest.raises(WireLost, match="cannot be opened: another program holds it"):
        UsbWire(PARROT, plug)
    wire.send(b"undisturbed")
    wire.close()


def test_a_kernel_driver_is_put_aside_and_gets_the_device_back() -> None:
    parrot = Parrot()
    plug = plugged(parrot, kernel_driver_on=(0,))
    wire = UsbWire(PARROT, plug)
    assert plug.kernel_has(parrot) == set()
    wire.close()
    assert plug.kernel_has(parrot) == {0}


def test_what_a_killed_program_kept_from_the_kernel_driver_is_given_back_by_the_next() -> None:
    parrot = Parrot()
    plug = plugged(parrot, kernel_driver_on=(0,))
    # killed: its claim ends with it, and no word of the kernel's own driver
    UsbWire(PARROT, plug)
    plug.release_interface(plug.enumerate_devices()[0], 0)
    assert plug.kernel_has(parrot) == set()
    UsbWire(PARROT, plug).close()
    assert plug.kernel_has(parrot) == {0}


def test_a_wait_without_an_end_outlasts_a_quiet_device_and_ends_with_the_wire_also_where_nothing_else_ends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("firmware_bridge.usb_wire.WAIT_S", 0.05)
    monkeypatch.setattr(UsbPlug, "release_interface", lambda *_: None)
    parrot = Parrot()
    wire = UsbWire(PARROT, plugged(parrot))
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(wire.read, 0x81, 64, None)
        while not wire._flying:
            pass
        with pytest.raises(TimeoutError):
            waiting.result(0.3)
        wire.close()
        with pytest.raises(WireLost, match="is closed"):
            waiting.result(PATIENCE_S)


def test_two_alike_are_told_apart_by_their_port_and_never_guessed() -> None:
    left, right = Parrot(), Parrot()
    plug = plugged(left, right)
    with pytest.raises(WireLost, match=r"2 times, at ports 9-1.1, 9-1.2: the settings must say which"):
        UsbWire(PARROT, plug)
    wire = UsbWire(UsbPlace(PARROT.ids, port="9-1.2"), plug)
    wire.send(b"right")
    assert (left.heard, right.heard) == (b"", b"right")
    wire.close()
    with pytest.raises(WireLost, match="1209:0001 at port 9-4 is not there"):
        UsbWire(UsbPlace(PARROT.ids, port="9-4"), plug)


def test_a_printer_is_found_by_its_class_in_the_setting_that_speaks_both_ways() -> None:
    keyboard = Parrot((Face(0, 0, (3, 1, 1), ((0x81, 3),)),))
    printer = Parrot((Face(0, 0, (255, 0, 0), ()), *(Face(1, face.alternate, face.codes, face.endpoints) for face in (ONE_WAY, BOTH_WAYS))))
    wire = UsbWire(UsbPlace(interface_class=7, protocols=(2, 1)), plugged(keyboard, printer))
    assert (wire.number, wire.protocol, wire.endpoints) == (1, 2, (0x02, 0x82))
    assert printer.asked == [((0x01, 11, 1, 1), b"")]  # SET_INTERFACE
    printer.queue(0x82, b"\x12")
    wire.send(b"\x10\x04\x01")
    assert (printer.heard, wire.receive(1.0)) == (b"\x10\x04\x01", b"\x12")
    wire.close()


def test_a_printer_that_only_listens_says_so_when_it_is_asked() -> None:
    printer = Parrot((ONE_WAY,))
    wire = UsbWire(UsbPlace(interface_class=7, protocols=(2, 1)), plugged(printer))
    wire.send(b"slip")
    with pytest.raises(WireLost, match="no endpoint for this direction"):
        wire.receive(0.1)
    wire.close()


def test_a_device_without_such_an_interface_is_refused_and_left_free() -> None:
    parrot = Parrot()
    plug = plugged(parrot)
    with pytest.raises(WireLost, match="no interface that fits"):
        UsbWire(UsbPlace(PARROT.ids, interface=3), plug)
    assert plug.free(parrot)
    with pytest.raises(WireLost, match="such a device is not there"):
        UsbWire(UsbPlace(interface_class=7), plug)


def test_asking_for_nothing_finds_nothing() -> None:
    with pytest.raises(WireLost, match="such a device is not there"):
        UsbWire(UsbPlace(), plugged(Parrot()))


@pytest.mark.parametrize("text", ["05ba", "5ba:a", "05ba:000g", "05ba:000a:1", " 5ba:000a", ""])
def test_ids_that_are_none_are_refused(text: str) -> None:
    assert read_ids("05BA:000a") == (0x05BA, 0x000A)
    with pytest.raises(ValueError, match="expected vendor:product"):
        read_ids(text)
