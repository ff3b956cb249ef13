"""Lists of people in quarantine, as communes keep them in Excel: in and out."""
