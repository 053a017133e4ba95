"""Commands that read results; the front door adds them to its own."""
