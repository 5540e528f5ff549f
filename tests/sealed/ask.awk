# ask.awk - random reads and operations that are refused, one "METHOD JSON" a line.
#
# usage: awk -v who=PERSON -v homes="ID UNIT ID UNIT …" -v most=ID -v n=LINES -f ask.awk
# Half of them aim at the homes of the sealed persons, the rest anywhere. Not for: operations that
# succeed, which would change one house before the other is asked.
function any(list, parts) { return parts[1 + int(rand() * split(list, parts, " "))] }
function number(of) { return 1 + int(rand() * of) }
function home() { return rand() < 0.5 ? hid[number(nhomes)] : number(4600) }
function unit() {
	return rand() < 0.5 ? code[number(nhomes)] : sprintf("%d-%02d%02d", number(24), number(13), number(16))
}
function id(book) {
	if (book == "household") return home()
	if (book == "sealed_person" || book == "vip_profile") return number(12)
	return rand() < 0.2 ? most + number(8) - 4 : number(most)
}
function where(book) {
	if (book ~ /^(unit|file)$/) return "\"code\":\"" unit() (book == "file" ? "/1" : "") "\""
	if (book ~ /^(household|loan|resident_form)$/ || rand() < 0.5) return "\"unit\":\"" unit() "\""
	return any("x y z") == "x" && book == "person" ? "\"" any("name mobile home_phone relation") "\":\"" text() "\"" : "\"household\":" home()
}
function text() {
	return any("Ngô ngo thanh kin ntk Kín 0988007001 88007001 7001 079188007001 张小 zxm zhang nguyen tran欧 欧阳 chen li 139172 0903 w 7-1203 7-1204 2-0301/1 cousin owner a b c d e g h k l m n p q t v x")
}
function list(book,   body, sort) {
	body = rand() < 0.7 ? "\"where\":{" where(book) "}" : "\"where\":{}"
	sort = any("id -id none none display_name name unit -household code")
	if (sort != "none") body = body ",\"sort\":[\"" sort "\"]"
	if (rand() < 0.5) body = body ",\"limit\":" number(200)
	return book ".list {" body "}"
}
# Every one of these is refused to every low role, or does not exist for it.
function denied(   k, h) {
	k = number(14); h = home()
	if (k == 1) return "sealed_person.amend {\"id\":" number(12) ",\"version\":1,\"name\":\"x\"}"
	if (k == 2) return "sealed_person.end {\"id\":" number(12) ",\"version\":" number(2) "}"
	if (k == 3) return "sealed_person.open {\"id\":" number(12) ",\"fields\":[\"name\"],\"purpose\":\"just curious\"}"
	if (k == 4) return "sealed_person.add {\"household\":" h ",\"name\":\"x\"}"
	if (k == 5) return "household.open {\"ids\":[" h "," home() "],\"fields\":[\"facts\"],\"purpose\":\"just curious\"}"
	if (k == 6) return "household.mark_important {\"id\":" h ",\"version\":" number(2) ",\"important\":true}"
	if (k == 7) return "person.amend {\"id\":" id("person") ",\"version\":99,\"name\":\"x\"}"
	if (k == 8) return "person.open {\"id\":" (most + number(9)) ",\"fields\":[\"birth\",\"id_no\"],\"purpose\":\"just curious\"}"
	if (k == 9) return "household.amend {\"id\":" h ",\"version\":99,\"display_name\":\"x\"}"
	if (k == 10) return "vip_profile.amend {\"id\":" number(12) ",\"version\":99,\"skills\":\"x\"}"
	if (k == 11) return "loan.approve {\"id\":" number(20000) ",\"version\":99}"
	if (k == 12) return "person.leave {\"id\":" (most + number(9)) ",\"version\":1}"
	if (k == 13) return "emergency_contact.end {\"id\":" number(5000) ",\"version\":99}"
	return "person.take_over {\"unit\":\"" unit() "\",\"name\":\"" any("Ngô_Thanh_Kín 张小明 x") "\",\"relation\":\"other\",\"id_no\":\"079188007001\",\"rehearse\":true}"
}
function question(   k, book) {
	k = rand()
	book = any("household household household person person person sealed_person sealed_person emergency_contact vip_profile unit file loan document resident_form deadline event alarm decoy copy resident_note inspection")
	if (k < 0.22) return list(book)
	if (k < 0.45) return book ".get {\"id\":" id(book) "}"
	if (k < 0.60) return "find {\"text\":\"" text() "\"" (rand() < 0.2 ? ",\"typo\":true" : "") "}"
	if (k < 0.67) return book ".history {\"id\":" id(book) "}"
	if (k < 0.75) return "why {\"book\":\"" book "\",\"id\":" id(book) ",\"" any("field op") "\":\"" any("name mobile id_no facts amend open add") "\"}"
	if (k < 0.78) return any("copy sealed_person household person") ".export {\"id\":" number(12) "}"
	if (k < 0.80) return "report." any("list units_in_use persons_per_household living_form age_bands nannies loans_by_file loans_by_borrower loans_by_department loans_by_month") " {}"
	return denied()
}
BEGIN {
	srand(length(who) * 7919 + n)
	for (i = split(homes, h, " "); i > 1; i -= 2) { code[++nhomes] = h[i]; hid[nhomes] = h[i - 1] }
	for (i = 0; i < n; i++) { line = question(); gsub(/Ngô_Thanh_Kín/, "Ngô Thanh Kín", line); print line }
}
