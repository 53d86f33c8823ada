-- Who had a device when, for rooms that show its past: a reader sees the time in which it was in the reader's scope.
create view v_device_assignment as
select device_no, organization_no, dealer_no, customer_no, during from device_assignment;
