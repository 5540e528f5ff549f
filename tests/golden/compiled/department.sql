REVOKE ALL ON lodge.department FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, "name", "kind", "head") ON lodge.department TO lodge_name;
GRANT SELECT (id, version, "name", "kind", "head") ON lodge.department TO lodge_contact;
