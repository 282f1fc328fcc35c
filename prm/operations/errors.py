class CannotRun(Exception):
    """This is a reason, in a sentence for the person at the keyboard, why the machine cannot do it."""
