"""Our own rooms: keys, relays, seats and signals. `MeetingRoom` in ports is what the rest knows of them."""
