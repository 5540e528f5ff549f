REVOKE ALL ON lodge.deadline FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, area, "book", "record", "kind", "due", "met") ON lodge.deadline TO lodge_name;
GRANT SELECT (id, area, "book", "record", "kind", "due", "met") ON lodge.deadline TO lodge_contact;
