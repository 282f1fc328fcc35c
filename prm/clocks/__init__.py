"""Time that counts: calendars of opening hours, and the clocks of what a vendor promises."""
