"""A day of many sources on several machines that share a store: a virtual clock, the real store, no network.

world      the clock, and threads of which one goes at a time
instead    what stands in the place of what would wait
database   PostgreSQL by that clock, which may be away
queue      what stands in the place of the engine that carries jobs
web        servers that are made up, and what they see of us
sources    who is asked
ledger     when each was to be asked, and when it was
machine    a process of the program
accidents  what happens to them
play       the day, and what it came to
"""
