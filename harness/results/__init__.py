"""What is made of a finished run: reports, comparisons, pages, exports. It executes nothing."""
