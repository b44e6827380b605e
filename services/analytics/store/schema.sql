CREATE TABLE public.cell_month (
    town text NOT NULL,
    cell text NOT NULL,
    category text NOT NULL,
    month date NOT NULL,
    n bigint NOT NULL
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
CREATE TABLE public.fact (
    town text NOT NULL,
    sequence bigint NOT NULL,
    id uuid NOT NULL,
    event_id text NOT NULL,
    kind text NOT NULL,
    category text NOT NULL,
    target_kind text,
    target text,
    happened text NOT NULL,
    hour timestamp with time zone NOT NULL,
    delay text NOT NULL,
    seconds bigint NOT NULL,
    cell text,
    outcome text
);
CREATE TABLE public.fact_sequence (
    town text NOT NULL,
    last bigint NOT NULL
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
CREATE TABLE public.tally (
    town text NOT NULL,
    hour timestamp with time zone NOT NULL,
    kind text NOT NULL,
    category text NOT NULL,
    target_kind text NOT NULL,
    target text NOT NULL,
    happened text NOT NULL,
    delay text NOT NULL,
    n bigint NOT NULL,
    seconds bigint NOT NULL
);
CREATE TABLE public.town (
    town text NOT NULL,
    version integer NOT NULL,
    configuration json NOT NULL,
    configured_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.cell_month
    ADD CONSTRAINT cell_month_pkey PRIMARY KEY (town, cell, category, month);
ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.fact
    ADD CONSTRAINT fact_counted_once UNIQUE (town, event_id);
ALTER TABLE ONLY public.fact
    ADD CONSTRAINT fact_pkey PRIMARY KEY (town, sequence);
ALTER TABLE ONLY public.fact_sequence
    ADD CONSTRAINT fact_sequence_pkey PRIMARY KEY (town);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (town, consumer, sender, event_id);
ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.parked_look
    ADD CONSTRAINT parked_look_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.retry
    ADD CONSTRAINT retry_pkey PRIMARY KEY (town, id);
ALTER TABLE ONLY public.tally
    ADD CONSTRAINT tally_pkey PRIMARY KEY (town, hour, kind, category, target_kind, target, happened, delay);
ALTER TABLE ONLY public.town
    ADD CONSTRAINT town_pkey PRIMARY KEY (town);
CREATE INDEX event_by_subject ON public.event USING btree (town, subject) WHERE (subject IS NOT NULL);
CREATE INDEX event_by_time ON public.event USING brin ("time");
CREATE INDEX inbox_by_age ON public.inbox USING brin (taken_at);
CREATE INDEX outbox_held ON public.outbox USING btree (town, subject, id) WHERE (held_until IS NOT NULL);
CREATE UNIQUE INDEX outbox_in_order ON public.outbox USING btree (id);
CREATE INDEX parked_refused ON public.parked USING btree (refused_of, parked_at) WHERE (refused_of IS NOT NULL);
CREATE INDEX retry_in_order ON public.retry USING btree (due_at);
