"""What passes between the stages: schemas, manifests, the configuration base, language names and errors."""
