"""tshark as the oracle for decoding: what it reports of DHCP and TFTP, what we find, and every difference by name."""
