REVOKE ALL ON lodge.event FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (seq, "at", "occurred", "staff", "role", "terminal", "book", "record", "op", "result", "guard", "purpose", "fields") ON lodge.event TO lodge_name;
GRANT SELECT (seq, "at", "occurred", "staff", "role", "terminal", "book", "record", "op", "result", "guard", "purpose", "fields") ON lodge.event TO lodge_contact;
