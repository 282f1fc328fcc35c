"""A portal to look at: two vendors, their partners, and a year of work made through the services.

The platform opens the vendors and keeps the clock; each app tells its part in its own `demo` package.
"""
