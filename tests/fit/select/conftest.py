"""Makes the synthetic worlds importable and shared."""

import importlib.util
import sys
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("select_worlds", Path(__file__).with_name("worlds.py"))
worlds = importlib.util.module_from_spec(_spec)
sys.modules["select_worlds"] = worlds
_spec.loader.exec_module(worlds)


@pytest.fixture(scope="session")
def runs():
    return worlds.ladder()
