-- OsmAnd clients have no secret: a device speaks it without its key only where somebody allowed that.

alter table device add column osmand_allowed boolean not null default false;

-- Devices that may send positions by their id alone; only the edge reads it.
create view v_device_osmand as
select device_no from device where osmand_allowed and retired_at is null;
