"""The floor: the same rows and messages in the tightest batch loop. No framework, no contract, no outbox.

One process for each service: what has come, up to 500 messages, is one transaction in few round trips, one
write to the broker with its confirms, one ack. It checks nothing that it reads, and after a crash between
the commit and the publishing it would have lost what it had to tell: it is here to show how fast this path
can be on these servers, not how to build it.
"""
