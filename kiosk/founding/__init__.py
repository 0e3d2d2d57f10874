"""How a state's keys come to be, are renewed and end: authority, certificates, stations, brokers' rights."""
