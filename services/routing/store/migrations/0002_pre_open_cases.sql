-- Open cases are counted whenever the metrics are read; nearly all cases are closed.
create index case_file_open on case_file (town)
  where state in ('routed', 'forwarded', 'triage', 'acknowledged', 'planned');
