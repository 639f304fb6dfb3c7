"""The mail that says what needs a person."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from zoneinfo import ZoneInfo

from syndicate.model import Plan
from syndicate.text import count, local

_MOST = 50  # lines of what needs somebody
_Key = tuple[str, str]


def letter(plan: Plan, needs: Mapping[_Key, str], fresh: Collection[_Key], now: datetime) -> EmailMessage:
    """What needs a person, what is new of it first."""
    made, moment = EmailMessage(), local(now, ZoneInfo(plan.site.timezone))
    says = f"{count(len(needs), 'thing needs', 'things need')} you" if needs else "nothing needs you any more"
    made["Subject"] = f"{plan.site.title}: {says}"
    made["From"] = Address(addr_spec=plan.alarm.sender)
    made["To"] = [Address(addr_spec=each) for each in plan.alarm.mail]
    made["Date"] = format_datetime(now.astimezone(UTC))
    made["Message-ID"] = make_msgid(domain=plan.alarm.sender.rpartition("@")[2])
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody answers that he is on holiday
    lines = [f"{plan.site.base_url}, {moment}: {says}.", ""]
    ordered = sorted(needs.items(), key=lambda need: need[0] not in fresh)
    lines += [
        f"- {text}{' (new)' if key in fresh and len(fresh) < len(needs) else ''}" for key, text in ordered[:_MOST]
    ]
    if len(ordered) > _MOST:
        lines.append(f"- and {len(ordered) - _MOST} more")
    lines += [""] if needs else []
    lines.append("`syndicate status` says more. At most one mail an hour says that there is more of it.")
    made.set_content("\n".join(lines) + "\n")
    return made
