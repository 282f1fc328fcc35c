"""What people write on records: shared with the partner, or internal notes of the vendor; `@name` tells a colleague."""
