REVOKE ALL ON lodge.emergency_plan FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, "kind", "place", "step") ON lodge.emergency_plan TO lodge_name;
GRANT SELECT (id, version, "kind", "place", "step") ON lodge.emergency_plan TO lodge_contact;
