"""Reports as data into Word, PDF, Excel and charts; one chart description for all of them."""
