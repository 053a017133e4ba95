"""How good a model is: loss on the validation sets, translations, and problems solved by running what it writes."""
