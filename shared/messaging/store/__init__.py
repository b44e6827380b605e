"""The tables of messages: what was taken (inbox), what is tried again (retry), what is parked."""
