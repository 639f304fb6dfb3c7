"""The running program: the plan, the store, what asks and what reads, and the clock. Commands and the daemon call it.

program    App: `run(job)` does a piece of work and says what was done as events
status     how everything is, and what needs a person
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.app.agenda import Agenda
    from syndicate.app.at_times import AtTimes
    from syndicate.app.by_hand import FIELDS, Hidden, hidden, name_of_field
    from syndicate.app.carriers import LOOK, WORKERS, Load, carry_each
    from syndicate.app.changed import changed
    from syndicate.app.clock import Clock, apart, system_clock
    from syndicate.app.due import Due, all_due, due, due_one, is_fresh, pages_due, place_in, server_of_source, turn_of
    from syndicate.app.errands import Errands, Hears, Posting, errands_of
    from syndicate.app.hubs import HubState, hub_of
    from syndicate.app.log import Lines, log
    from syndicate.app.looking import faults_of_folder, faults_of_store, looked_at, lost
    from syndicate.app.measured import Measured, Unmeasured
    from syndicate.app.metrics import Metrics
    from syndicate.app.needs import Embargoed, Need, of_alarm, of_fault
    from syndicate.app.program import App
    from syndicate.app.remedies import REMEDIES, commands, remedy
    from syndicate.app.source_states import SourceState
    from syndicate.app.status import State, state_in, state_of
    from syndicate.app.telling import Telling
    from syndicate.app.tools import client_of, workers_of
    from syndicate.app.topics import Row, Unmapped, abandoned, topic_rows, unmapped_rows, which_topic
    from syndicate.app.troubles import PAUSES, Trouble, Troubles

__all__ = [
    "FIELDS",
    "LOOK",
    "PAUSES",
    "REMEDIES",
    "WORKERS",
    "Agenda",
    "App",
    "AtTimes",
    "Clock",
    "Due",
    "Embargoed",
    "Errands",
    "Hears",
    "Hidden",
    "HubState",
    "Lines",
    "Load",
    "Measured",
    "Metrics",
    "Need",
    "Posting",
    "Row",
    "SourceState",
    "State",
    "Telling",
    "Trouble",
    "Troubles",
    "Unmapped",
    "Unmeasured",
    "abandoned",
    "all_due",
    "apart",
    "carry_each",
    "changed",
    "client_of",
    "commands",
    "due",
    "due_one",
    "errands_of",
    "faults_of_folder",
    "faults_of_store",
    "hidden",
    "hub_of",
    "is_fresh",
    "log",
    "looked_at",
    "lost",
    "name_of_field",
    "of_alarm",
    "of_fault",
    "pages_due",
    "place_in",
    "remedy",
    "server_of_source",
    "state_in",
    "state_of",
    "system_clock",
    "topic_rows",
    "turn_of",
    "unmapped_rows",
    "which_topic",
    "workers_of",
]

by_need(
    __name__,
    {
        "program": ("App",),
        "tools": ("client_of", "workers_of"),
        "agenda": ("Agenda",),
        "at_times": ("AtTimes",),
        "by_hand": ("FIELDS", "Hidden", "hidden", "name_of_field"),
        "carriers": ("LOOK", "WORKERS", "Load", "carry_each"),
        "changed": ("changed",),
        "clock": ("Clock", "apart", "system_clock"),
        "due": ("Due", "all_due", "due", "due_one", "is_fresh", "pages_due", "place_in", "server_of_source", "turn_of"),
        "errands": ("Errands", "Hears", "Posting", "errands_of"),
        "log": ("Lines", "log"),
        "measured": ("Measured", "Unmeasured"),
        "metrics": ("Metrics",),
        "looking": ("faults_of_folder", "faults_of_store", "looked_at", "lost"),
        "hubs": ("HubState", "hub_of"),
        "needs": ("Embargoed", "Need", "of_alarm", "of_fault"),
        "remedies": ("REMEDIES", "commands", "remedy"),
        "source_states": ("SourceState",),
        "status": ("State", "state_in", "state_of"),
        "telling": ("Telling",),
        "topics": ("Row", "Unmapped", "abandoned", "which_topic", "topic_rows", "unmapped_rows"),
        "troubles": ("PAUSES", "Trouble", "Troubles"),
    },
)
