import io

import pytest
from rich.console import Console

from report import progress
from report.progress import PhaseProgress


@pytest.fixture
def clock(monkeypatch):
    """Time that a test sets."""

    class Clock:
        now = 100.0

    monkeypatch.setattr(progress.time, "monotonic", lambda: Clock.now)
    return Clock


def made(terminal: bool) -> tuple[PhaseProgress, io.StringIO]:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100, _environ={"TERM": "xterm"})
    return PhaseProgress("corpus", console), out


def test_a_log_has_one_line_for_each_phase_that_took_a_second(clock):
    shown, out = made(terminal=False)
    with shown:
        for phase, seconds in (("ingest", 5.0), ("quick", 0.5), ("near", 2.0)):
            shown.observe(phase, 0, 10)
            clock.now += seconds
            shown.observe(phase, 5, 10)
            shown.observe(phase, 10, 10)
            shown.observe(phase, 10, 10)
    assert out.getvalue() == "corpus/ingest: 5.0 s\ncorpus/near: 2.0 s\n"


def test_a_terminal_has_a_bar_with_rate_and_remaining_time_after_a_second(clock):
    shown, out = made(terminal=True)
    with shown:
        shown.observe("ingest", 0, 50e6)
        assert "ingest" not in out.getvalue()
        clock.now += 1.5
        shown.observe("ingest", 10e6, 50e6)
        shown._progress.refresh()
        text = out.getvalue()
        assert "corpus/ingest" in text
        assert "MB/s" in text
        assert "--:--" in text  # remaining time, not known yet
        shown.observe("ingest", 50e6, 50e6)
        assert shown._progress.tasks == []
    assert "corpus/ingest: 1.5 s" in out.getvalue()


def test_small_work_is_counted_in_tasks(clock):
    shown, out = made(terminal=True)
    with shown:
        shown.observe("mix", 0, 12)
        clock.now += 2
        shown.observe("mix", 3, 12)
        shown._progress.refresh()
        assert "3/12 tasks" in out.getvalue()


def test_the_bar_goes_away_when_a_stage_fails(clock):
    shown, _ = made(terminal=True)
    with pytest.raises(RuntimeError), shown:
        shown.observe("mix", 0, 12)
        raise RuntimeError("stop")
    assert not shown._progress.live.is_started


def test_a_phase_without_work_finishes_in_silence(clock):
    shown, out = made(terminal=False)
    with shown:
        shown.observe("nothing", 0, 0)
    assert out.getvalue() == ""
