"""The loop: sweep, fit, allocation, a second mixture, and runs that confirm it; each a stage with a manifest."""
