"""RSS, RDF and Atom → Items.

read      a document, entry by entry
xml       its elements as they stand, bounded
mend      what is torn is closed, what is junk is cut off
entry     what an entry says in the words of its own vocabularies
media     pictures and files in Media RSS and its kin
element   text of an element, as HTML or plain
"""

from syndicate.parse.feed.read import read

__all__ = ["read"]
