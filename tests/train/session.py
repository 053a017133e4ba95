"""Runs several configurations one after the other in this process: `python session.py RUN.json...`; as one rank."""

import json
import sys
from pathlib import Path

from contracts.config import validate
from train.config import TrainConfig
from train.trainer import train

for name in sys.argv[1:]:
    train(validate(TrainConfig, json.loads(Path(name).read_text()), name), Path("/"))
