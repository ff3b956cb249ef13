"""Lists of F0 as communes keep them in Excel: the template, reading, the answered list, the job."""
