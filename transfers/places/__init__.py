"""Where is that? Places as people write them, read into codes; what cannot be read is said, never guessed.

Our own tables (`data/`) of names, codes, cities, cloud regions and groups stand before pycountry's,
and its fuzzy search is never used.
"""

from transfers.places.pieces import Piece, name_of, pieces
from transfers.places.readings import PlaceCode, Reading, Status
from transfers.places.resolver import resolve, says_nothing

__all__ = ["Piece", "PlaceCode", "Reading", "Status", "name_of", "pieces", "resolve", "says_nothing"]
