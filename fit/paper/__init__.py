"""arXiv 2512.13472: its numbers, its equations as printed and as corrected, and where it contradicts itself."""
