"""config.toml → Plan.

An error names the key, what it had and what it may be; all of a file's errors come at once.
"""

import re
import socket
import tomllib
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from syndicate import __version__
from syndicate import store as stores
from syndicate.addresses import is_id
from syndicate.classify import LATER, own_topic, reserved_id, rules_of
from syndicate.config import listening, operators, places, telling
from syndicate.config.agreed import agreed
from syndicate.config.faults import Faults, Values, shown
from syndicate.config.keys import LISTS, TABLES, Key
from syndicate.config.values import TAG
from syndicate.doors import ByName
from syndicate.errors import ConfigError
from syndicate.model import (
    Alarming,
    Backups,
    Fetching,
    Plan,
    Publishing,
    Serving,
    Sharing,
    Site,
    Source,
    Topic,
    Webhook,
)
from syndicate.rules import matches_everything
from syndicate.text import fold
from syndicate.urls import is_loopback_host, is_public_host

__all__ = [
    "LISTS",
    "TABLES",
    "Key",
    "edit",
    "load",
    "load_again",
    "load_for",
    "read",
    "warnings",
]

_read_icon = ByName("syndicate.config.icon", "read_icon")


def load(path: Path, port: int | None = None) -> Plan:
    """Read a configuration. ConfigError has a line for each thing that is wrong in the file.

    `port`: of an option, said over the file as the environment may say it (`config.listening`).
    """
    return read(_text(path), path, port)


def load_again(path: Path, port: int | None = None) -> Plan:
    """As `load`, for who goes on with what was read before where ConfigError is raised.

    A file without a word was cut off, as on a full disk: it would take every source away. A pipe speaks once,
    and a named one would be waited for.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise ConfigError(f"{path}: is not a file, so it cannot be read again")
    text = _text(path)
    if not text.strip("\ufeff \t\r\n"):
        raise ConfigError(f"{path}: is empty")
    return read(text, path, port)


def load_for(path: Path, place: Path) -> Plan:
    """Read a configuration that is to take the place of another one: its paths are relative to that one's folder."""
    return read(_text(path), path, folder=place.absolute().parent)


def read(text: str, path: Path, port: int | None = None, *, folder: Path | None = None) -> Plan:
    """What a file with this text would be at `path`. ConfigError as from `load`. `folder`: paths are relative to it."""
    folder = folder or path.absolute().parent
    data = _toml(text, path)
    faults = Faults(path)
    faults.unknown("", data, (*TABLES, *LISTS))
    tables = {name: faults.table(name, data.get(name, {}), keys) for name, keys in TABLES.items()}
    lists = {name: faults.tables(name, data.get(name, []), keys) for name, keys in LISTS.items()}
    topics, sources = lists["topic"], lists["source"]
    tables["serve"]["is_status_stated"] = isinstance(serve := data.get("serve"), dict) and "status" in serve
    _say_where(faults, tables, port)
    _complete_site(faults, tables["site"])
    _check_formats(faults, tables["publish"].get("formats"))
    for fault in (*telling.faults(lists["webhook"], tables["alarm"]), *operators.faults(tables["serve"])):
        faults.add(*fault)
    _complete_topics(faults, topics)
    _complete_sources(faults, sources, tables)
    _complete_paths(faults, folder, tables, sources)
    _complete_icon(faults, folder, tables)
    if faults.lines:
        raise ConfigError("\n".join(faults.lines))
    tables["cluster"]["machine"] = tables["cluster"].get("machine") or socket.gethostname()
    return replace(_config(path, tables, lists, port), agreed=agreed(data))


def warnings(config: Plan) -> tuple[str, ...]:
    """What can be used, but should not stay as it is."""
    site, found = config.site, []
    if not config.sources:
        found.append("source: none is configured, so nothing will be published")
    if is_loopback_host(host := re.split("[@,]", site.tag)[-2]):
        found.append(f'site.tag: "{host}" is the name of every machine: set it before ids are made that others keep')
    if not is_id(f"tag:{site.tag}:feed"):
        found.append(f'site.tag: "{site.tag}" makes ids that feed validators refuse: small letters, figures, . and -')
    base = urlsplit(site.base_url)
    if is_loopback_host(base.hostname or "") and (base.port or 80) != config.serve.port:
        found.append(
            f"site.base_url: {site.base_url} is not where serve.port {config.serve.port} is: no link will work"
        )
    found.extend(
        f'topic[{n}].id: "{topic.aliases[0]}" is an address of the program by now: the topic is "{topic.id}", and its'
        " earlier addresses lead there; give it another id, with the earlier one in its aliases"
        for n, topic in enumerate(config.topics)
        if topic.id == reserved_id(topic.title) and LATER.intersection(topic.aliases[:1])
    )
    found.extend(
        f'source {source.id}: topics: "{name}" is no configured topic, so it makes a feed of its own'
        for source in config.sources
        for name in source.topics
        if config.topics and rules_of(config).mapped(name) is None
    )
    found.extend(
        f'source {source.id}: drop: "{rule}" matches whatever there is, so nothing new of it is held'
        for source in config.sources
        for rule in source.drop
        if matches_everything(rule)
    )
    if is_public_host(base.hostname or ""):
        found.extend(
            f"site.{name}: empty, though {site.base_url} is public"
            for name in ("imprint_url", "privacy_url", "accessibility_url", "contact")
            if not getattr(site, name)
        )
    found.extend(telling.warnings(config))
    found.extend(operators.warnings(config.serve))
    return tuple(found)


# --- reading ----------------------------------------------------------------------------------------------------------


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        hint = "`syndicate init` writes one; --config or SYNDICATE_CONFIG names another"
        raise ConfigError(f"{path}: there is no such file ({hint})") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 (byte {error.start})") from error


def _toml(text: str, path: Path) -> Values:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error
    except RecursionError:
        raise ConfigError(f"{path}: is nested too deeply") from None


# --- what no key can tell by itself -----------------------------------------------------------------------------------


def _say_where(faults: Faults, tables: dict[str, Values], port: int | None) -> None:
    """What is said beside the file, over it."""
    before = tables["serve"].get("port")
    for table, name, variable, value in listening.given():
        tables[table][name] = faults.value(f"{table}.{name} ({variable})", value, TABLES[table][name])
        tables["serve"]["is_status_stated"] |= name == "status"
    tables["serve"]["port"] = port or tables["serve"].get("port")
    listening.follow(tables["site"], before, tables["serve"]["port"])


def _complete_site(faults: Faults, site: Values) -> None:
    if site.get("base_url") and "tag" not in site:
        host = urlsplit(site["base_url"]).hostname or ""
        site["tag"] = f"{'localhost' if host == '::1' else host},2026"
        if not re.fullmatch(TAG, site["tag"]):
            faults.add(
                "site.tag", f'is missing, and the host "{host}" cannot stand in one (like press.example.org,2026)'
            )


def _check_formats(faults: Faults, formats: tuple[str, ...] | None) -> None:
    if formats is not None and not 0 < len(formats) == len(set(formats)):
        faults.add("publish.formats", f"{shown(formats)} is not a list of at least one format, each once")


def _complete_topics(faults: Faults, topics: list[Values]) -> None:
    ids: dict[str, str] = {}
    kickers: dict[str, int] = {}
    for n, topic in enumerate(topics):
        if topic.get("title"):
            topic.setdefault("id", own_topic(topic["title"]).id)
            if topic["id"] in LATER:
                topic["aliases"] = (topic["id"], *(topic.get("aliases") or ()))
                topic["id"] = reserved_id(topic["title"])
        aliases = enumerate(topic.get("aliases") or ())
        for key, name in (("id", topic.get("id")), *((f"aliases[{k}]", alias) for k, alias in aliases)):
            if name and ids.setdefault(name, where := f"topic[{n}].{key}") != where:
                faults.add(where, f'"{name}" is taken by {ids[name]}')
        for k, kicker in enumerate(topic.get("kickers") or ()):
            if (first := kickers.setdefault(fold(kicker), n)) != n:
                faults.add(f"topic[{n}].kickers[{k}]", f'"{kicker}" is a kicker of topic[{first}] already')


def _complete_sources(faults: Faults, sources: list[Values], tables: dict[str, Values]) -> None:
    ids: dict[str, int] = {}
    for n, source in enumerate(sources):
        if (name := source.get("id")) and (first := ids.setdefault(name, n)) != n:
            faults.add(f"source[{n}].id", f'"{name}" is taken by source[{first}]')
        if ("path" in source) == ("url" in source):
            faults.add(
                f"source[{n}]", f"has {'both path and' if 'path' in source else 'neither path nor'} url; it needs one"
            )
        source["follows_rhythm"] = "interval" not in source
        source.setdefault("interval", tables["fetch"].get("interval"))
        source.setdefault("timezone", tables["site"].get("timezone"))
        source.setdefault("language", tables["site"].get("language"))
        source["tag"] = tables["site"].get("tag")


def _complete_paths(faults: Faults, folder: Path, tables: dict[str, Values], sources: list[Values]) -> None:
    """Absolute from here on. What is published is for everyone, and is no source."""
    publish, store = tables["publish"], tables["store"]
    given = publish.get("directory") or "feeds"
    public = publish["directory"] = places.located(given, folder)
    if places.lacks(given):
        faults.add("publish.directory", f"{shown(given)} {places.LACKS}")
    if store.get("url"):
        given, store["url"] = store["url"], stores.located(store["url"], folder)
    store["backup_directory"] = folder / (store.get("backup_directory") or "backups")
    if store.get("backup_every") and places.within(store["backup_directory"], public):
        faults.add("store.backup_directory", "lies in publish.directory, which everyone may read")
    if store.get("url") and isinstance(public, Path) and stores.lies_in(store["url"], public):
        faults.add("store.url", f"{shown(given)} lies in publish.directory, which everyone may read")
    for n, source in enumerate(sources):
        if source.get("path"):
            given, place = source["path"], places.located(source["path"], folder)
            source["path"] = str(place)
            if places.lacks(given):
                faults.add(f"source[{n}].path", f"{shown(given)} {places.LACKS}")
            if places.within(place, public) or places.within(public, place):
                faults.add(f"source[{n}].path", f"{shown(given)} and publish.directory must not lie in each other")


def _complete_icon(faults: Faults, folder: Path, tables: dict[str, Values]) -> None:
    given, tables["publish"]["icon"] = tables["publish"].get("icon"), None
    if not given:
        return
    try:
        icon = tables["publish"]["icon"] = _read_icon(folder / given)
        tables["site"]["icon"] = icon.path
    except ValueError as what:
        faults.add("publish.icon", f"{shown(given)} {what}")


def _config(path: Path, tables: dict[str, Values], lists: dict[str, list[Values]], port: int | None) -> Plan:
    fetch, base_url, alarm = tables["fetch"], tables["site"]["base_url"], dict(tables["alarm"])
    fetch["user_agent"] = fetch["user_agent"].replace("{version}", __version__).replace("{base_url}", base_url)
    return Plan(
        path=path.absolute(),
        port=port,
        site=Site(**tables["site"]),
        store=tables["store"]["url"],
        keep_raw=tables["store"]["keep_raw"],
        publish=Publishing(**tables["publish"]),
        fetch=Fetching(**fetch),
        serve=Serving(**tables["serve"]),
        unmapped=tables["topics"]["unmapped"],
        topics=tuple(Topic(**topic) for topic in lists["topic"]),
        sources=tuple(Source(**source) for source in lists["source"]),
        webhooks=tuple(Webhook(**hook) for hook in lists["webhook"]),
        cluster=Sharing(**tables["cluster"]),
        backups=Backups(**{name: tables["store"][f"backup_{name}"] for name in ("every", "directory", "keep")}),
        alarm=Alarming(sender=alarm.pop("from", None) or next(iter(alarm["mail"]), ""), **alarm),
    )
