"""MathML in words: feeds may not carry it. `x²` and `1/2` must not become `x2` and `12`. Pure."""

from collections import Counter

# What stands before each child but the first, and after the last.
_BETWEEN = {
    "mfrac": ("/", ""),
    "msup": ("<sup>", "</sup>"),
    "msub": ("<sub>", "</sub>"),
    "msubsup": ("<sub>", "</sub>"),
    "mover": ("<sup>", "</sup>"),
    "munder": ("<sub>", "</sub>"),
    "munderover": ("<sub>", "</sub>"),
    "mtr": (" ", ""),
    "mtable": ("; ", ""),
    "mfenced": (", ", ""),
}
_AROUND = {"msqrt": ("√(", ")"), "mroot": ("√(", ")"), "mfenced": ("(", ")")}
_EMPTY = frozenset({"mspace", "mprescripts", "none", "maligngroup", "malignmark"})
NOT_SHOWN = frozenset({"annotation", "annotation-xml"})


class Formula:
    """The open elements of one `<math>`: each with the number of its children so far."""

    def __init__(self) -> None:
        self._open: list[tuple[str, int]] = []
        self._names = Counter[str]()  # how many of each are open

    def begin(self, name: str, *, alone: bool = False) -> str:
        """What stands where an element begins."""
        said = ""
        if self._open:
            above, count = self._open[-1]
            self._open[-1] = (above, count + 1)
            said = self._before(above, count)
            if name == "mrow" and above == "mfrac":
                said += "("
        if alone or name in _EMPTY:
            return said
        self._open.append((name, 0))
        self._names[name] += 1
        return said + _AROUND.get(name, ("", ""))[0]

    def end(self, name: str) -> str:
        """What stands where it ends; nothing for one that is not open."""
        if not self._names[name]:
            return ""
        said = ""
        while self._open:
            ended, count = self._open.pop()
            self._names[ended] -= 1
            script, close = _BETWEEN.get(ended, ("", ""))
            if count > 1 and script.startswith("<"):
                said += "</sup>" if ended in ("msubsup", "munderover") and count > 2 else close
            said += _AROUND.get(ended, ("", ""))[1]
            if ended == "mrow" and self._open and self._open[-1][0] == "mfrac":
                said += ")"
            if ended == name:
                break
        return said

    @staticmethod
    def _before(above: str, count: int) -> str:
        between = _BETWEEN.get(above, ("", ""))[0]
        if not count or not between.startswith("<"):
            return between if count else ""
        if count == 1:
            return between
        return "</sub><sup>" if above in ("msubsup", "munderover") and count == 2 else ""
