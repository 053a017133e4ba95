"""Trains a few steps as one rank of several, and compares all weights with the other ranks: prints `equal`."""

import json
import sys
from pathlib import Path

import torch

from contracts.config import validate
from train.batches import MicroBatches, steps
from train.checkpoints import Checkpoints
from train.config import TrainConfig
from train.distributed import join
from train.opening import open_engine
from train.prepare import prepare

for name in sys.argv[1:]:
    config = validate(TrainConfig, json.loads(Path(name).read_text()), name)
    world = join(config.launch)
    prepared = prepare(config, Path("/"), world)
    engine = open_engine(prepared, Checkpoints(prepared.folder, world, config.engine), None)
    before = {key: value.detach().clone() for key, value in engine.objective.named_parameters()}
    batches = MicroBatches(prepared.mixture, prepared.geometry, world.rank, config.mask_documents)
    for micro_batches in steps(batches, 0, 3, read_ahead=0, pin=False):
        engine.train_step(micro_batches, prepared.rate, ())
    for key, value in engine.objective.named_parameters():
        mine = value.detach().contiguous()
        everyone = [torch.empty_like(mine) for _ in range(world.ranks)]
        torch.distributed.all_gather(everyone, mine)
        assert all(torch.equal(mine, other) for other in everyone), f"{name}: {key} differs between ranks"
        assert not torch.equal(mine, before[key]), f"{name}: {key} was not trained"
    engine.close()
    print("equal")
