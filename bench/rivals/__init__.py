"""The programs that strel is compared with, and how."""
