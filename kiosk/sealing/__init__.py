"""Sealing and signing: envelopes that the station itself cannot open, signatures, the chain of records, and the keys for them."""
