"""Reports as people take them away: what they say, as a workbook, on paper, by mail."""
