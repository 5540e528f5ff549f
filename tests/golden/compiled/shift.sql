REVOKE ALL ON lodge.shift FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, "code", "day", "kind", "starts", "ends") ON lodge.shift TO lodge_name;
GRANT SELECT (id, version, "code", "day", "kind", "starts", "ends") ON lodge.shift TO lodge_contact;
