REVOKE ALL ON lodge.welfare_signature FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, area, state, "welfare_check", "role", "name", "signed_at", "written_by") ON lodge.welfare_signature TO lodge_name;
GRANT SELECT (id, version, area, state, "welfare_check", "role", "name", "signed_at", "written_by") ON lodge.welfare_signature TO lodge_contact;
