"""Puts the tiny steps on the path of this process and of those it starts."""

import os
import sys
from pathlib import Path

import pytest

SUPPORT = str(Path(__file__).parent / "support")
sys.path.insert(0, SUPPORT)


@pytest.fixture
def environment() -> dict[str, str]:
    """Environment for programs started by a test: they find the toolkit and the tiny steps."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
