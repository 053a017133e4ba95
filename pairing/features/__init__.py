"""What programs have in common whatever their language: classes of hashed features, and a profile of counts."""

from pairing.features.classes import CLASSES
from pairing.features.document import Declarations, extract
from pairing.features.hashing import SPACE

__all__ = ["CLASSES", "SPACE", "Declarations", "extract"]
