REVOKE ALL ON lodge.area FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, "number", "name") ON lodge.area TO lodge_name;
GRANT SELECT (id, version, "number", "name") ON lodge.area TO lodge_contact;
