"""What programs have in common whatever their language: classes of hashed features, and a profile of counts."""

from pairing.features.classes import CLASSES
from pairing.features.document import Declarations, DocumentFeatures, extract
from pairing.features.hashing import SPACE
from pairing.features.profile import PROFILE

__all__ = [
    "CLASSES",
    "PROFILE",
    "SPACE",
    "Declarations",
    "DocumentFeatures",
    "extract",
]
