"""How days, times and large numbers are written on staff's pages: `26 Nov 2026, 9:30 AM`, `1,23,456`."""
