"""What is ready at a station and what is not, in words; the engine of `mpaka check` and of the technician's menu."""
