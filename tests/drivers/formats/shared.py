"""The data beside the project, where it is there: examples of Doc 9303 and the truth of the specimen photographs."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "mrz"


def load(name: str) -> Any:
    """The contents of a JSON file there; the test is skipped where the file is not there."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip("the shared data is not beside this project")
    return json.loads(path.read_text(encoding="utf-8"))
