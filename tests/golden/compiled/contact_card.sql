REVOKE ALL ON lodge.contact_card FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version) ON lodge.contact_card TO lodge_name;
GRANT SELECT (id, version) ON lodge.contact_card TO lodge_contact;
