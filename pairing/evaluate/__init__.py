"""Pairs against known ones: truth, measures, thresholds."""
