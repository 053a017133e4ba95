def test_demo(demo_run):
    assert (demo_run.output / "mix/default/00000.ds").exists()
