"""From the CSV files of curators to typed rows; what is wrong with a cell is told with its file and line."""
