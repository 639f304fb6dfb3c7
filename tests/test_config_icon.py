"""What may be the icon of the site, and how it is said that something may not."""

from pathlib import Path

import pytest

from icons import png, svg
from syndicate.config import load
from syndicate.errors import ConfigError

PNG, SVG = png(32), svg()
LINKED = 'xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"'


def configured(folder: Path, body: bytes | None) -> Path:
    if body is not None:
        (folder / "logo.bin").write_bytes(body)
    (folder / "config.toml").write_text('[publish]\nicon = "logo.bin"\n', encoding="utf-8")
    return folder / "config.toml"


@pytest.mark.parametrize(
    ("body", "path", "side"),
    [
        (PNG, "icon.png", 32),
        (png(512), "icon.png", 512),
        (PNG + b"what stands behind its end", "icon.png", 32),
        (SVG, "icon.svg", 0),
        (svg(attributes=""), "icon.svg", 0),
        (svg(attributes='width="64" height="64px"'), "icon.svg", 0),
        (svg(attributes='width="10" height="20" viewBox="-5 -5 20 20"'), "icon.svg", 0),
        (b'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">' + SVG, "icon.svg", 0),
        (svg('<use href="#a"/><image href="data:image/png;base64,AA=="/>'), "icon.svg", 0),
    ],
)
def test_what_may_be_one(tmp_path: Path, body: bytes, path: str, side: int) -> None:
    plan = load(configured(tmp_path, body))
    icon = plan.publish.icon
    assert icon
    assert (icon.path, icon.side, icon.body) == (path, side, body)
    assert plan.site.icon == path


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"", "is neither a PNG nor an SVG file"),
        (b"GIF89a", "is neither a PNG nor an SVG file"),
        (b"<html/>", "is neither a PNG nor an SVG file"),
        (b"<svg/>", "is neither a PNG nor an SVG file"),
        (PNG[:-20], "is a PNG file that is damaged or cut off"),
        (PNG[:8], "is a PNG file that is damaged or cut off"),
        (PNG.replace(b"IDAT", b"IDAD"), "is a PNG file that is damaged or cut off"),
        (png(40, 20), "is 40 × 20, not square"),
        (png(8), "is 8 × 8 pixels, not between 16 and 4096 wide"),
        (svg(attributes='viewBox="0 0 9 12.5"'), "is 9 × 12.5, not square"),
        (svg(attributes='width="10" height="20"'), "is 10 × 20, not square"),
        (svg("<script>x()</script>"), "carries <script>"),
        (svg("<foreignObject/>"), "carries <foreignObject>"),
        (svg('<rect onload="x()"/>'), "carries onload="),
        (svg('<image href="https://elsewhere.example/x.png"/>'), "names something that is not in it"),
        (svg('<image xlink:href=" javascript:x()"/>', LINKED), "names something that is not in it"),
        (svg('<a href="#"><set attributeName="xlink:href" to="javascript:x()"/></a>'), "sets xlink:href"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG, "declares entities"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>'.encode("utf-16") + SVG.decode().encode("utf-16-le"), "declares entities"),
        (b'<?xml-stylesheet href="x.xsl" type="text/xsl"?>' + SVG, "carries an instruction before <svg>"),
        (PNG + b" " * 1_000_000, "is larger than 1 MB"),
    ],
)
def test_what_may_not(tmp_path: Path, body: bytes | None, reason: str) -> None:
    path = configured(tmp_path, body)
    with pytest.raises(ConfigError) as told:
        load(path)
    assert str(told.value) == f'{path}: publish.icon: "logo.bin" {reason}'
