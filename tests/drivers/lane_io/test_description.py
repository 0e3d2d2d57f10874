"""What a technician reads of a lane controller."""

import pytest

from drivers.lane_io.controller import in_words
from drivers.simulated.lane_io import TEXT


def test_the_name_and_the_firmware_are_read_out_of_the_description() -> None:
    assert in_words(TEXT) == "mpaka lane controller, simulated, firmware 1.0"
    assert in_words('{"name":"lane board"}') == "lane board"


@pytest.mark.parametrize("text", ["", "lane board 7", "{", "[1]", '{"firmware":"1.0"}', '{"name":7}'])
def test_what_is_no_such_description_is_shown_as_it_came(text: str) -> None:
    assert in_words(text) == text
