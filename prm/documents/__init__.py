"""PDF documents: a record's facts as they stood, on the vendor's paper, written by the worker.

    documents.request("quotes.offer", on=revision, facts={…}, title="…", by=member, at=now)

The facts are kept with the document, so whatever changes later, the same document comes out of them again.
"""

from prm.documents.kinds import Kind, kind
from prm.documents.queries import latest, latest_of_each, of
from prm.documents.services import request, retry

__all__ = ["Kind", "kind", "latest", "latest_of_each", "of", "request", "retry"]
