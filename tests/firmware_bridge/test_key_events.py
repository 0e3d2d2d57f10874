"""Input events as the kernel writes them."""

from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.key_events import SIZE, InputEvent, KeyStream, event_bytes

events = st.lists(
    st.builds(InputEvent, st.integers(0, 2**40).map(lambda us: us / 1_000_000), st.integers(0, 31), st.integers(0, 767), st.integers(0, 2))
)


def test_an_event_is_24_bytes_in_the_order_of_the_machine() -> None:
    data = event_bytes(InputEvent(1.5, 1, 30, 1))
    assert SIZE == 24
    assert data.hex() == "010000000000000020a107000000000001001e0001000000"


@given(events, st.integers(1, 50))
def test_events_come_out_however_a_pty_splits_them(sent: list[InputEvent], step: int) -> None:
    stream = b"".join(map(event_bytes, sent))
    keys = KeyStream()
    assert [event for at in range(0, len(stream), step) for event in keys.feed(stream[at : at + step])] == sent
