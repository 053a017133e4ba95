"""One module a format: each writes a mixture's sequences through the library whose reader the trainer uses."""
