"""Whether two descriptions of a company mean the same one, and why. Pure: no database, no clock, no network.

names → profiles → keys → comparing → scoring → classes. Each step is data for the next, and all of it can be shown.
"""
