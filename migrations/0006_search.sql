-- Search of the fleet by any part of an id or name, quick at a million devices.

create extension if not exists pg_trgm;

-- What a device and a vehicle are found by. The indexes stand on the same expressions.
create view v_device_text as
select device_no, organization_no,
	(device_id || e'\n' || coalesce(telematics_id, '') || e'\n' || coalesce(name, '')) as text
from device where retired_at is null;

create index device_text on device
	using gin ((device_id || e'\n' || coalesce(telematics_id, '') || e'\n' || coalesce(name, '')) gin_trgm_ops);

create view v_vehicle_text as
select vehicle_no, organization_no, (vin || e'\n' || coalesce(registration_no, '')) as text
from vehicle;

create index vehicle_text on vehicle
	using gin ((vin || e'\n' || coalesce(registration_no, '')) gin_trgm_ops);

create index device_assignment_vehicle on device_assignment (vehicle_no) where upper_inf(during);

-- What other rooms may know of dealers and customers.
create view v_dealer as select dealer_no, organization_no, name, city from dealer;
create view v_customer as select customer_no, organization_no, dealer_no, name, email, city from customer;
