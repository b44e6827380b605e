-- The key of an address in other letters than ASCII was its folded form: straße.example became strasse.example,
-- which is another's. Such a row gets a key that no address has, and its right one when its owner writes again
-- (`citizens_unkeyed`): PostgreSQL cannot encode a domain. No row is merged, and none is lost.
update citizen set email_key = email || ' ' || id where octet_length(email) <> char_length(email);
create index citizen_unkeyed on citizen (town) where email_key like '% %';
