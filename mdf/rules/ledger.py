"""Which movements of money a business event makes. Each takes from one account and gives to another.

Of a partner's share of a fund, at every moment and in every order of events:

    available = credits − reserved − consumed − forfeited ≥ 0

where consumed is what is to be paid and what was paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from mdf.enums import AccountKind, EntryKind


@dataclass(frozen=True, order=True)
class Place:
    """An account of the fund itself, or of a partner's allocation."""

    kind: AccountKind
    allocation: UUID | None = None


@dataclass(frozen=True)
class Movement:
    """A positive amount that leaves the debited account for the credited one."""

    kind: EntryKind
    debit: Place
    credit: Place
    amount: Decimal

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError("A movement is of a positive amount; the way says which direction.")

    @property
    def allocation(self) -> UUID | None:
        """Return the allocation whose statement shows it; no movement touches two partners."""
        return self.debit.allocation or self.credit.allocation


SOURCE, UNALLOCATED = Place(AccountKind.SOURCE), Place(AccountKind.UNALLOCATED)


def budget(amount: Decimal) -> Movement:
    """Set money aside for a fund when it opens."""
    return Movement(EntryKind.ALLOCATION, SOURCE, UNALLOCATED, amount)


def change_budget(by: Decimal) -> Movement:
    """Add to the budget of an open fund, or take from it what nobody was promised."""
    way = (SOURCE, UNALLOCATED) if by > 0 else (UNALLOCATED, SOURCE)
    return Movement(EntryKind.ADJUSTMENT, *way, abs(by))


def allocate(to: UUID, amount: Decimal) -> Movement:
    """Promise a partner a part of the fund."""
    return Movement(EntryKind.ALLOCATION, UNALLOCATED, _available(to), amount)


def adjust(allocation: UUID, by: Decimal) -> Movement:
    """Give a partner more of the fund, or take back what it has not used."""
    way = (UNALLOCATED, _available(allocation)) if by > 0 else (_available(allocation), UNALLOCATED)
    return Movement(EntryKind.ADJUSTMENT, *way, abs(by))


def give_up(allocation: UUID, amount: Decimal) -> Movement:
    """Take from one partner what another is to get: the first half of a transfer."""
    return Movement(EntryKind.TRANSFER, _available(allocation), UNALLOCATED, amount)


def receive(allocation: UUID, amount: Decimal) -> Movement:
    """Give a partner what another gave up: the second half of a transfer."""
    return Movement(EntryKind.TRANSFER, UNALLOCATED, _available(allocation), amount)


def reserve(allocation: UUID, amount: Decimal) -> Movement:
    """Keep money for an approved request."""
    return _inside(allocation, EntryKind.RESERVATION, AccountKind.AVAILABLE, AccountKind.RESERVED, amount)


def release(allocation: UUID, amount: Decimal) -> Movement:
    """Give back what an approved request does not need any more."""
    return _inside(allocation, EntryKind.RELEASE, AccountKind.RESERVED, AccountKind.AVAILABLE, amount)


def consume(allocation: UUID, amount: Decimal) -> Movement:
    """Owe the partner what was reserved, for an approved claim."""
    return _inside(allocation, EntryKind.CONSUMPTION, AccountKind.RESERVED, AccountKind.PAYABLE, amount)


def take_back(allocation: UUID, amount: Decimal) -> Movement:
    """Owe no longer what was consumed a moment ago: it is reserved again."""
    return _inside(allocation, EntryKind.ADJUSTMENT, AccountKind.PAYABLE, AccountKind.RESERVED, amount)


def pay(allocation: UUID, amount: Decimal) -> Movement:
    """Pay what was owed."""
    return _inside(allocation, EntryKind.PAYMENT, AccountKind.PAYABLE, AccountKind.PAID, amount)


def claw_back(allocation: UUID, amount: Decimal) -> Movement:
    """Take back what was paid; the partner may use it for something else while the fund is open."""
    return _inside(allocation, EntryKind.CLAWBACK, AccountKind.PAID, AccountKind.AVAILABLE, amount)


def forfeit(allocation: UUID, amount: Decimal) -> Movement:
    """Let unused money lapse at the end of the fund's period."""
    return _inside(allocation, EntryKind.FORFEITURE, AccountKind.AVAILABLE, AccountKind.FORFEITED, amount)


def reinstate(allocation: UUID, amount: Decimal) -> Movement:
    """Give lapsed money back to the partner."""
    return _inside(allocation, EntryKind.REINSTATEMENT, AccountKind.FORFEITED, AccountKind.AVAILABLE, amount)


def changes(movements: Iterable[Movement]) -> dict[Place, Decimal]:
    """Return what each account gains or loses in all, in the one order in which accounts are locked."""
    sums: dict[Place, Decimal] = {}
    for movement in movements:
        sums[movement.debit] = sums.get(movement.debit, Decimal(0)) - movement.amount
        sums[movement.credit] = sums.get(movement.credit, Decimal(0)) + movement.amount
    return {place: change for place, change in sums.items() if change}


@dataclass(frozen=True)
class Balances:
    """Where the money of an allocation is."""

    available: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    payable: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    forfeited: Decimal = Decimal(0)

    @classmethod
    def of(cls, balances: Mapping[str, Decimal]) -> Balances:
        """Read balances by the kind of account; what is missing is zero."""
        return cls(**{name: balances.get(name, Decimal(0)) for name in cls.__dataclass_fields__})

    @property
    def consumed(self) -> Decimal:
        """Return what approved claims used up, paid or not."""
        return self.payable + self.paid

    @property
    def credits(self) -> Decimal:
        """Return what the partner was given in all."""
        return self.available + self.reserved + self.consumed + self.forfeited

    def __add__(self, other: Balances) -> Balances:
        return Balances(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def _available(allocation: UUID) -> Place:
    return Place(AccountKind.AVAILABLE, allocation)


def _inside(allocation: UUID, kind: EntryKind, out_of: AccountKind, into: AccountKind, amount: Decimal) -> Movement:
    return Movement(kind, Place(out_of, allocation), Place(into, allocation), amount)
