"""What is ready at a station and what is not, in words; the engine of `mpaka check`. One file a subject, each finding a line."""
