REVOKE ALL ON lodge.terminal FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, "name", "kind", "place") ON lodge.terminal TO lodge_name;
GRANT SELECT (id, version, "name", "kind", "place") ON lodge.terminal TO lodge_contact;
