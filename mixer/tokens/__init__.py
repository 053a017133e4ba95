"""Documents to token ids: the tokenizer, the pool of training tokens, the validation sets."""
