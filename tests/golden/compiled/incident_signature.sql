REVOKE ALL ON lodge.incident_signature FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "incident", "role", "name", "signed_at", "written_by") ON lodge.incident_signature TO lodge_name;
GRANT SELECT (id, version, state, "incident", "role", "name", "signed_at", "written_by") ON lodge.incident_signature TO lodge_contact;
