"""From source trees to a clean corpus, as datatrove pipelines."""
