REVOKE ALL ON lodge.round_point FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;
GRANT SELECT (id, version, state, "round", "point", "seen_at", "seen_by", "remark", "incident") ON lodge.round_point TO lodge_name;
GRANT SELECT (id, version, state, "round", "point", "seen_at", "seen_by", "remark", "incident") ON lodge.round_point TO lodge_contact;
