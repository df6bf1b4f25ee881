"""What `make bench` measures. Needs a POSIX system, for the figures of child processes."""
