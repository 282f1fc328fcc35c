"""What becomes of requests for funds when something happens to their deals."""

from deals.services import transfers
from mdf.services import deals

transfers.lets_go(deals.let_go)
