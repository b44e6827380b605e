-- Keys of the front ends that upload photos; only what recognises them is kept.
create table api_key (
  town text not null,
  tool text not null,
  key_sha256 bytea not null check (octet_length(key_sha256) = 32),
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  primary key (town, tool, key_sha256)
);
create unique index api_key_by_sha256 on api_key (key_sha256);

-- Photos as they are kept: cleaned, in two sizes, beside what the object store may forget of them.
create table photo (
  town text not null,
  id uuid not null,
  owner text not null,
  upload_sha256 bytea not null,
  uploaded_type text not null,
  size integer not null,
  width integer not null,
  height integer not null,
  sha256 bytea not null,
  thumbnail_size integer not null,
  thumbnail_sha256 bytea not null,
  state text not null default 'pending' check (state in ('pending', 'stored', 'erased')),
  report_id uuid,
  uploaded_at timestamptz not null default now(),
  stored_at timestamptz,
  primary key (town, id)
);
-- The same photo twice is one, as long as no report holds it; another report may then send it anew.
create unique index photo_waiting on photo (town, owner, upload_sha256)
  where report_id is null and state <> 'erased';
create index photo_by_report on photo (town, report_id) where report_id is not null;
create index photo_unnamed on photo (uploaded_at) where report_id is null;

-- The bytes, until the object store has them.
create table photo_pending (
  town text not null,
  photo_id uuid not null,
  image bytea not null,
  thumbnail bytea not null,
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  primary key (town, photo_id),
  foreign key (town, photo_id) references photo (town, id) on delete cascade
);
create index photo_pending_due on photo_pending (due_at);
-- JPEG does not compress further.
alter table photo_pending alter image set storage external, alter thumbnail set storage external;

-- Photos whose rows are gone and whose objects are to be removed.
create table photo_removal (
  town text not null,
  photo_id uuid not null,
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  primary key (town, photo_id)
);
create index photo_removal_due on photo_removal (due_at);
