-- ── formulas that read the manager or the clock ─────────────────────────────────────────────────────────────────

-- The scoping filter may read the manager too. Over the text, for one that is asked in vain costs little.
alter table app_configuration drop column reads_manager;
alter table app_configuration add column reads_manager boolean not null generated always as (
  position('manager' in lower((document -> 'mapping')::text)) > 0
  or position('manager' in lower(coalesce(document ->> 'scopingFilter', ''))) > 0
) stored;
-- Its values change with time: the links are looked at again when a day begins.
alter table app_configuration add column reads_clock boolean not null generated always as (
  upper((document -> 'mapping')::text || coalesce(document ->> 'scopingFilter', '')) ~ '\m(TODAY|NOW|TIMENOW)\s*\('
) stored;
-- The last day, in the organisation's zone, whose beginning was told to the app's links.
alter table connected_app add column day_marked date;
