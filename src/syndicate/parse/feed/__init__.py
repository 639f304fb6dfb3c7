"""RSS, RDF and Atom → Items.

read      a document, entry by entry
cut       its entries apart, unread: without feedparser, which takes long to be imported
xml       its elements as they stand, bounded
mend      what is torn is closed, what is junk is cut off
bounded   how much of an entry is read
inherited what every entry has from its feed
entry     what an entry says in the words of its own vocabularies
media     pictures and files in Media RSS and its kin
element   text of an element, as HTML or plain
"""

from syndicate.parse.feed.cut import cut

__all__ = ["cut"]
