"""Where F0 monitoring keeps things: `documents` says how, `mongo` where and by what they are found."""
