"""Pure functions from source bytes to facts: language, syntax health, units, tokens, origin.

Nothing here reads a file, keeps state between documents or knows of a pipeline; a stage that acts imports
these functions and decides what to do with the facts.
"""
