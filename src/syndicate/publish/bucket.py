"""Documents → a bucket. Each is written on condition that what stands there is what we think it is.

A bucket has no locks: whoever publishes holds a number, the fence, which each object that it writes carries. Who finds
a higher one is no longer the publisher and stops; over a lower one it writes. What is there is asked of the object
itself, once, and known from then on: it counts as written when the bucket has said so, and never before.
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from syndicate.errors import PublishError, StoreError
from syndicate.mediatypes import UNKNOWN
from syndicate.model import Document
from syndicate.objectstore import Object, ObjectStore, OtherVersion, Version
from syndicate.publish.folder import MARK, Folders, gzip_of, level
from syndicate.publish.kinds import FENCE, GONE, HASH, NEVER, kind_of

if TYPE_CHECKING:
    from obstore import Attributes

_T = TypeVar("_T")
_R = TypeVar("_R")

_BATCH, _BYTES = 200, 2**24  # documents, or their bytes, that are looked at and written together
_AT_ONCE = 16  # requests under way: each waits for most of its time
_KNOWN = 50_000  # objects that are remembered, those that were written last
_AGAIN = 5  # tries of an object that somebody else writes meanwhile
_LAST = ("index.html", "sitemap.xml", "topics.opml")  # what names all the rest


class There(NamedTuple):
    """An object as we know it. `is_gone`: it only says that there is nothing any more."""

    version: Version
    hash: str
    fence: int
    is_gone: bool


@cache
def bucket_at(url: str, *, briefly: bool = False) -> "Bucket":
    """One for all who ask, as long as the process lives."""
    return Bucket(ObjectStore(url, briefly=briefly))


class Bucket:
    """The bucket behind the port (`target.Target`). For threads; one of them publishes at a time."""

    fenced = True

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects
        self._guard = Lock()
        self._known: OrderedDict[str, There] = OrderedDict()
        self._was_empty = False  # when it was looked at first: what is not known since is not there

    def owner(self) -> str | None:
        found = self._objects.get(MARK)
        return found.body.decode("ascii", "replace").strip() or None if found else None

    def is_empty(self) -> bool:
        found = next((each for each in self._objects.list() if not _is_hidden(each.key)), None)
        self._was_empty = found is None and not self._known
        return found is None

    def has(self, path: str) -> bool:
        there = self._known.get(path) or self._look(path)
        return there is not None and not there.is_gone

    def count(self) -> int:
        return sum(not _is_hidden(each.key) for each in self._objects.list())

    def read(self, path: str) -> bytes | None:
        found = self._objects.get(path)
        return unpacked(found) if found and GONE not in found.attributes else None

    def look(self, looked: Folders | None = None) -> Callable[[str], Container[str] | None]:
        """One listing of all, at a start; nobody goes through a bucket to delete something here and there later."""
        if looked is not None:
            return lambda _: None
        folders = dict[str, set[str]]()
        for each in self._objects.list():
            folder, _, name = each.key.rpartition("/")
            folders.setdefault(folder, set()).add(name)
        return lambda folder: folders.get(folder, ())

    def files_of(self, path: str) -> Iterable[str]:
        return (path.rpartition("/")[2],)

    def number(self) -> int:
        there = self._look(MARK)
        return there.fence if there else 0

    def own(self, mark: str, fence: int) -> None:
        there = self._checked(MARK, self._look(MARK), fence)
        document = Document(MARK, "text/plain", f"{mark}\n".encode())
        if there is None or there.fence < fence or there.hash != document.hash:
            self._put(_Put(document, fence), there)

    def publish(
        self,
        documents: Iterable[Document],
        gone: Iterable[str],
        *,
        coming: Callable[[Sequence[Document]], object] = lambda _: None,
        notice: Callable[[str], Document | None] = lambda _: None,
        fence: int = 0,
    ) -> tuple[Document, ...]:
        """Those that differ from what is there, in their order: media, pages, archives, heads, what names them all.

        Then notices over what goes, and what is deleted for good.
        """
        self._checked(MARK, self._look(MARK), fence)
        changed = list[Document]()
        for batch in _batches(documents):
            changed += self._write([_Put(document, fence) for document in batch], coming)
        self._let_go([*gone], notice, fence)
        return tuple(changed)

    def _write(self, puts: "Sequence[_Put]", coming: Callable[[Sequence[Document]], object]) -> list[Document]:
        there = dict(zip([put.path for put in puts], self._each(self._standing, puts), strict=True))
        differ = [put for put in puts if not _is_same(put, there[put.path])]
        new = [put.document for put in differ if (known := there[put.path]) is None or known.is_gone]
        if new:
            coming(new)
        for _, group in groupby(sorted(differ, key=_rank), key=_rank):
            self._each(lambda put: self._put(put, there[put.path]), [*group])
        return [put.document for put in differ]

    def _let_go(self, paths: Sequence[str], notice: Callable[[str], Document | None], fence: int) -> None:
        """Over what readers have asked for there is a notice from now on; media and the like are deleted, last."""
        notices = {path: found for path in paths if (found := notice(path))}
        puts = [_Put(document, fence, is_gone=True) for document in notices.values()]
        there = dict(zip([put.path for put in puts], self._each(self._standing, puts), strict=True))
        # Where nothing ever stood a notice would be the first to say that there was to be something.
        differ = [put for put in puts if there[put.path] is not None and not _is_same(put, there[put.path])]
        self._each(lambda put: self._put(put, there[put.path]), differ)
        deleted = [path for path in paths if path not in notices]
        for path in deleted:
            self._forget(path)
        if deleted:
            self._checked(MARK, self._look(MARK), fence)  # to delete knows no condition
            self._objects.delete(deleted)

    def _standing(self, put: "_Put") -> There | None:
        known = self._known.get(put.path)
        if known is None and not self._was_empty:
            known = self._look(put.path)
        return self._checked(put.path, known, put.fence)

    def _look(self, path: str) -> There | None:
        found = self._objects.get(path, head=True)
        if found is None:
            self._forget(path)
            return None
        return self._know(path, _there(found))

    def _checked(self, path: str, there: There | None, fence: int) -> There | None:
        if there and there.fence > fence:
            raise PublishError(
                f"{self._objects.url}/{path}: another publisher writes here (its number {there.fence}, ours {fence});"
                " let one alone publish to it, or name another prefix as `[publish] directory` in config.toml"
            )
        return there

    def _put(self, put: "_Put", there: There | None) -> None:
        body, attributes = put.packed(), put.attributes()
        for _ in range(_AGAIN):
            self._forget(put.path)
            try:
                version = self._objects.put(put.path, body, attributes, there.version if there else None)
            except OtherVersion:
                there = self._checked(put.path, self._look(put.path), put.fence)
                if _is_same(put, there):  # by an earlier try whose answer was lost
                    return
                continue
            except BaseException:
                self._was_empty = False  # it may have come there all the same
                raise
            self._know(put.path, There(version, put.document.hash, put.fence, put.is_gone))
            return
        raise StoreError(f"{self._objects.url}/{put.path}: cannot be written: somebody else writes it again and again")

    def _know(self, path: str, there: There) -> There:
        with self._guard:
            self._known[path] = there
            self._known.move_to_end(path)
            if len(self._known) > _KNOWN:
                self._known.popitem(last=False)
                self._was_empty = False
        return there

    def _forget(self, path: str) -> None:
        with self._guard:
            self._known.pop(path, None)

    def _each(self, work: Callable[[_T], _R], things: Collection[_T]) -> list[_R]:
        """What `work` makes of each, several at once; what the first raises that failed, once all have ended."""
        if len(things) < 2:
            return [work(thing) for thing in things]
        with ThreadPoolExecutor(min(len(things), _AT_ONCE), thread_name_prefix="bucket") as threads:
            return list(threads.map(work, things))


class _Put:
    """A document as an object."""

    def __init__(self, document: Document, fence: int, *, is_gone: bool = False) -> None:
        self.document = document
        self.path = document.path
        self.fence = fence
        self.is_gone = is_gone

    def packed(self) -> bytes:
        """A bucket cannot choose between two forms: texts are there in the one that takes less."""
        body = self.document.body
        return gzip.compress(body, level(self.path), mtime=0) if gzip_of(self.path) else body

    def attributes(self) -> "Attributes":
        kind = kind_of(self.path)
        given: Attributes = {
            "Content-Type": kind.media_type if kind else UNKNOWN,
            "Cache-Control": (kind.cache_control if kind else NEVER).decode(),
            FENCE: str(self.fence),
            HASH: self.document.hash,
        }
        if gzip_of(self.path):
            given["Content-Encoding"] = "gzip"
        saved = next((value for name, value in kind.whole if name == b"content-disposition"), None) if kind else None
        if saved:
            given["Content-Disposition"] = saved.decode()
        return given | {GONE: "1"} if self.is_gone else given


def unpacked(found: Object) -> bytes:
    return gzip.decompress(found.body) if found.attributes.get("Content-Encoding") == "gzip" else found.body


def _there(found: Object) -> There:
    """What does not say who wrote it was written by nobody of us: whoever publishes may write over it."""
    fence = found.attributes.get(FENCE, "")
    number = int(fence) if fence.isdecimal() else -1
    return There(found.version, found.attributes.get(HASH, ""), number, GONE in found.attributes)


def _is_same(put: _Put, there: There | None) -> bool:
    return there is not None and there.hash == put.document.hash and there.is_gone == put.is_gone


def _rank(put: _Put) -> int:
    """Nothing names what is not there yet."""
    folder = put.path.partition("/")[0] if "/" in put.path else ""
    if not folder:
        return 4 if put.path in _LAST else 3
    return {"media": 0, "releases": 1}.get(folder, 2)


def _is_hidden(key: str) -> bool:
    return key.rpartition("/")[2].startswith(".")


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Each path once in a batch."""
    batch, size = dict[str, Document](), 0
    for document in documents:
        if (staged := batch.get(document.path)) and staged.body == document.body:
            continue
        if staged or len(batch) >= _BATCH or size > _BYTES:
            yield [*batch.values()]
            batch, size = {}, 0
        batch[document.path] = document
        size += len(document.body)
    if batch:
        yield [*batch.values()]
