-- The settings that were written to a device are found without walking through all its commands.
create index device_command_settings on device_command (device_no, command_no desc) where name = 'settings';
