REVOKE ALL ON lodge.building FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, "number", "arrival_class") ON lodge.building TO lodge_name;
GRANT SELECT (id, version, area, "number", "arrival_class") ON lodge.building TO lodge_contact;
