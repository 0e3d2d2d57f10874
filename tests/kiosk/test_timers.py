"""Alarms ring once, in the order of their time, and no more after the end."""

import queue
import threading

from kiosk.timers import Alarms

GIVE_UP_S = 20.0


def test_alarms_ring_in_the_order_of_their_time_whatever_the_order_they_were_set_in() -> None:
    alarms, rung = Alarms(), queue.Queue[str]()
    alarms.after(0.10, lambda: rung.put("second"))
    alarms.after(0.02, lambda: rung.put("first"))
    alarms.after(0.15, lambda: rung.put("third"))
    assert [rung.get(timeout=GIVE_UP_S) for _ in range(3)] == ["first", "second", "third"]
    alarms.close()
    assert rung.empty()


def test_two_alarms_for_the_same_moment_both_ring() -> None:
    alarms, rung = Alarms(), queue.Queue[int]()
    for number in range(5):
        alarms.after(0.0, lambda number=number: rung.put(number))  # type: ignore[misc]  # a default keeps the number of its own turn
    assert sorted(rung.get(timeout=GIVE_UP_S) for _ in range(5)) == [0, 1, 2, 3, 4]
    alarms.close()


def test_an_alarm_may_set_the_next_one() -> None:
    alarms, done = Alarms(), threading.Event()
    alarms.after(0.0, lambda: alarms.after(0.0, done.set))
    assert done.wait(GIVE_UP_S)
    alarms.close()


def test_an_alarm_that_is_far_off_does_not_hold_up_the_end_and_never_rings() -> None:
    alarms, rung = Alarms(), threading.Event()
    alarms.after(3600.0, rung.set)
    alarms.close()
    assert not rung.is_set()
    assert not [thread for thread in threading.enumerate() if thread.name == "alarms"]
