-- Who waits is told at the commit what has happened, and in which schema: `store/postgresql/listening.py` hears it.
CREATE FUNCTION wake() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_notify('syndicate', TG_ARGV[0] || ' ' || TG_TABLE_SCHEMA);
    RETURN NULL;
END $$;
CREATE TRIGGER wakes AFTER INSERT ON dirty FOR EACH STATEMENT EXECUTE FUNCTION wake('marked');
CREATE TRIGGER wakes AFTER INSERT ON version FOR EACH STATEMENT EXECUTE FUNCTION wake('published');
