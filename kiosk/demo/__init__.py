"""The whole post on one machine, without hardware: simulated devices, a broker, and people who play three crossings."""
