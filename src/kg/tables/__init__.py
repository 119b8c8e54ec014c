"""From the CSV files of curators to typed rows; a fault in a cell is reported with its file and line."""
