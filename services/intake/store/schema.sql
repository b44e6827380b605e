CREATE TABLE public.api_key (
    town text NOT NULL,
    tool text NOT NULL,
    key_sha256 bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT api_key_key_sha256_check CHECK ((octet_length(key_sha256) = 32))
);
CREATE TABLE public.author (
    town text NOT NULL,
    report_id uuid NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL
);
CREATE TABLE public.citizen (
    town text NOT NULL,
    id uuid NOT NULL,
    email_key text NOT NULL,
    email text NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    language text NOT NULL,
    registered_at timestamp with time zone DEFAULT now() NOT NULL,
    confirmed_at timestamp with time zone
);
CREATE TABLE public.contact_read (
    town text NOT NULL,
    id bigint NOT NULL,
    citizen_id uuid NOT NULL,
    report_id uuid NOT NULL,
    reader text NOT NULL,
    purpose text NOT NULL,
    read_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.contact_read ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.contact_read_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.draft (
    town text NOT NULL,
    id uuid NOT NULL,
    content json NOT NULL,
    report_id uuid,
    kept_until timestamp with time zone,
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.event (
    town text NOT NULL,
    id uuid NOT NULL,
    subject text,
    sequence text,
    type text NOT NULL,
    "time" timestamp with time zone NOT NULL,
    body json NOT NULL
);
CREATE TABLE public.follow_up (
    town text NOT NULL,
    report_id uuid NOT NULL,
    sequence text NOT NULL,
    state text NOT NULL,
    holder_kind text,
    holder text,
    until timestamp with time zone,
    outcome text,
    text text,
    planned_for date,
    happened_at timestamp with time zone NOT NULL,
    reason json
);
CREATE TABLE public.inbox (
    town text NOT NULL,
    consumer text NOT NULL,
    sender text NOT NULL,
    event_id text NOT NULL,
    fingerprint bytea,
    reply json,
    taken_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.kept (
    town text NOT NULL,
    id uuid NOT NULL,
    reference text NOT NULL,
    citizen_id uuid NOT NULL,
    submission json NOT NULL,
    kept_until timestamp with time zone NOT NULL
);
CREATE TABLE public.learned (
    town text NOT NULL,
    shares json NOT NULL,
    learned_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE TABLE public.migration (
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.outbox (
    town text NOT NULL,
    id bigint NOT NULL,
    event_id uuid NOT NULL,
    subject text,
    exchange text NOT NULL,
    routing_key text NOT NULL,
    held_until timestamp with time zone,
    cause text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    quiet boolean DEFAULT false NOT NULL
);
ALTER TABLE public.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.parked (
    town text NOT NULL,
    id uuid NOT NULL,
    consumer text NOT NULL,
    body bytea NOT NULL,
    properties jsonb NOT NULL,
    attempts integer NOT NULL,
    cause text NOT NULL,
    parked_at timestamp with time zone DEFAULT now() NOT NULL,
    refused_of text,
    cut_from integer
);
CREATE TABLE public.parked_look (
    town text NOT NULL,
    id bigint NOT NULL,
    parked_id uuid NOT NULL,
    queue text NOT NULL,
    os_user text NOT NULL,
    name text,
    looked_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.parked_look ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.parked_look_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.photo (
    town text NOT NULL,
    id uuid NOT NULL,
    owner text NOT NULL,
    upload_sha256 bytea NOT NULL,
    uploaded_type text NOT NULL,
    size integer NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    sha256 bytea NOT NULL,
    thumbnail_size integer NOT NULL,
    thumbnail_sha256 bytea NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    report_id uuid,
    uploaded_at timestamp with time zone DEFAULT now() NOT NULL,
    stored_at timestamp with time zone,
    CONSTRAINT photo_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'stored'::text, 'erased'::text])))
);
CREATE TABLE public.photo_pending (
    town text NOT NULL,
    photo_id uuid NOT NULL,
    image bytea NOT NULL,
    thumbnail bytea NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.photo_pending ALTER COLUMN image SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.photo_pending ALTER COLUMN thumbnail SET STORAGE EXTERNAL;
CREATE TABLE public.photo_removal (
    town text NOT NULL,
    photo_id uuid NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.report (
    town text NOT NULL,
    id uuid NOT NULL,
    reference text NOT NULL,
    kind text NOT NULL,
    category text NOT NULL,
    language text NOT NULL,
    description text NOT NULL,
    latitude double precision,
    longitude double precision,
    address text,
    answers json NOT NULL,
    citizen_id uuid NOT NULL,
    share_contact boolean NOT NULL,
    sender text NOT NULL,
    submitted_at timestamp with time zone NOT NULL
);
CREATE TABLE public.retry (
    town text NOT NULL,
    id uuid NOT NULL,
    consumer text NOT NULL,
    body bytea NOT NULL,
    properties jsonb NOT NULL,
    attempts integer NOT NULL,
    cause text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    failed_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.town (
    town text NOT NULL,
    version integer NOT NULL,
    configuration json NOT NULL,
    configured_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (town, tool, key_sha256);
ALTER TABLE ONLY public.author
    ADD CONSTRAINT author_pkey PRIMARY KEY (town, report_id);
ALTER TABLE ONLY public.citizen
    ADD CONSTRAINT citizen_email_taken UNIQUE (town, email_key);
ALTER TABLE ONLY public.citizen
    ADD CONSTRAINT citizen_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.contact_read
    ADD CONSTRAINT contact_read_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.follow_up
    ADD CONSTRAINT follow_up_pkey PRIMARY KEY (town, report_id, sequence);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (town, consumer, sender, event_id);
ALTER TABLE ONLY public.kept
    ADD CONSTRAINT kept_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.learned
    ADD CONSTRAINT learned_pkey PRIMARY KEY (town);
ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.parked_look
    ADD CONSTRAINT parked_look_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.photo_pending
    ADD CONSTRAINT photo_pending_pkey PRIMARY KEY (town, photo_id);
ALTER TABLE ONLY public.photo
    ADD CONSTRAINT photo_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.photo_removal
    ADD CONSTRAINT photo_removal_pkey PRIMARY KEY (town, photo_id);
ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_reference_taken UNIQUE (town, reference);
ALTER TABLE ONLY public.retry
    ADD CONSTRAINT retry_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.town
    ADD CONSTRAINT town_pkey PRIMARY KEY (town);
CREATE UNIQUE INDEX api_key_by_sha256 ON public.api_key USING btree (key_sha256);
CREATE INDEX citizen_unkeyed ON public.citizen USING btree (town) WHERE (email_key ~~ '% %'::text);
CREATE INDEX contact_read_by_citizen ON public.contact_read USING btree (town, citizen_id);
CREATE INDEX draft_by_age ON public.draft USING btree (changed_at);
CREATE INDEX event_by_subject ON public.event USING btree (town, subject) WHERE (subject IS NOT NULL);
CREATE INDEX event_by_time ON public.event USING brin ("time");
CREATE INDEX inbox_by_age ON public.inbox USING brin (taken_at);
CREATE INDEX kept_due ON public.kept USING btree (kept_until);
CREATE INDEX outbox_held ON public.outbox USING btree (town, subject, id) WHERE (held_until IS NOT NULL);
CREATE UNIQUE INDEX outbox_in_order ON public.outbox USING btree (id);
CREATE INDEX parked_refused ON public.parked USING btree (refused_of, parked_at) WHERE (refused_of IS NOT NULL);
CREATE INDEX photo_by_report ON public.photo USING btree (town, report_id) WHERE (report_id IS NOT NULL);
CREATE INDEX photo_pending_due ON public.photo_pending USING btree (due_at);
CREATE INDEX photo_removal_due ON public.photo_removal USING btree (due_at);
CREATE INDEX photo_unnamed ON public.photo USING btree (uploaded_at) WHERE (report_id IS NULL);
CREATE UNIQUE INDEX photo_waiting ON public.photo USING btree (town, owner, upload_sha256) WHERE ((report_id IS NULL) AND (state <> 'erased'::text));
CREATE INDEX report_by_citizen ON public.report USING btree (town, citizen_id);
CREATE INDEX report_by_time ON public.report USING brin (submitted_at);
CREATE INDEX retry_in_order ON public.retry USING btree (due_at);
ALTER TABLE ONLY public.photo_pending
    ADD CONSTRAINT photo_pending_town_photo_id_fkey FOREIGN KEY (town, photo_id) REFERENCES public.photo(town, id) ON DELETE CASCADE;
