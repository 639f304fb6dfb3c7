"""config.toml, and what an operator changes in it."""

from collections.abc import Mapping
from pathlib import Path
from random import Random

from simulation.authors import Publisher

BASE = "https://presse.talland.example/"
_TOPICS = (
    "",
    '[[topic]]\nid = "forst"\ntitle = "Forst"\nkickers = ["Forst"]\n',
    '[[topic]]\nid = "wald"\ntitle = "Wald und Schule"\nkickers = ["Forst", "Schule"]\naliases = ["forst"]\n',
)
_NONSENSE = ("[publish]\npage_size = 0\n", '[site\ntitle = "?"\n', '[[source]]\nid = "ä"\n')


class Configured:
    """The file, as it is now. `change` is what an operator may do while the daemon runs."""

    def __init__(self, random: Random, root: Path, publishers: Mapping[str, Publisher]) -> None:
        self.path = root / "config.toml"
        self._random = random
        self._publishers = publishers
        self._title = "Pressemitteilungen"
        self._page_size = random.randint(2, 6)
        self._topics = random.choice(_TOPICS)
        self._html = random.random() < 0.8
        self._formats = random.choice((["atom", "rss", "json"], ["atom", "json"], ["atom", "json", "ninjs"]))
        self._priority = random.choice((0, 0, 1))
        self._every = random.choice(("", 'backup_every = "2d"\nbackup_keep = 2\n'))

    def change(self) -> None:
        match self._random.choice(("page", "title", "topics", "priority")):
            case "page":
                self._page_size = self._random.randint(2, 6)
            case "title":
                self._title = self._random.choice(("Pressemitteilungen", "Presse", "Neues aus dem Land"))
            case "topics":
                self._topics = self._random.choice(_TOPICS)
            case "priority":
                self._priority = 1 - self._priority
        self.write()

    def spoil(self) -> None:
        """Until it is written again."""
        self.path.write_text(self._random.choice(_NONSENSE), encoding="utf-8")

    def write(self) -> None:
        formats = ", ".join(f'"{each}"' for each in self._formats)
        self.path.write_text(
            f'[store]\nurl = "sqlite:///s.db"\n{self._every}[site]\ntitle = "{self._title}"\nbase_url = "{BASE}"\n'
            'tag = "presse.talland.example,2026"\n'
            f"[publish]\npage_size = {self._page_size}\nformats = [{formats}]\nhtml = {str(self._html).lower()}\n"
            f"{self._topics}{''.join(map(self._source, self._publishers.values()))}",
            encoding="utf-8",
        )

    def _source(self, publisher: Publisher) -> str:
        priority = self._priority if publisher.id == "p" else 0
        where = f'path = "{publisher.folder}"' if publisher.folder else f'url = "{publisher.url}"\nfulltext = false'
        every = "6h" if publisher.folder else "4h"
        return f'[[source]]\nid = "{publisher.id}"\n{where}\npriority = {priority}\ninterval = "{every}"\n'
