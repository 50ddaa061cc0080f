"""Everything that goes out, as one list: the outbox's deliveries, and the codes and credits that workers make in the shop."""
