import { familySettings, type SettingName, settingOf } from '#contract/device-settings.ts';
import type { DeviceFamily } from '#contract/family.ts';
import { isLiveAt } from '#contract/status.ts';
import type { HeldSetting, HeldSettings, TracedCommand } from '#modules/commands/contract.ts';
import type { FleetRow } from '#modules/fleet/contract.ts';
import type { PublicCommand, PublicDevice, PublicSetting } from '../contract.ts';

export function isoOf(atMs: number): string;
export function isoOf(atMs: number | null): string | null;
export function isoOf(atMs: number | null): string | null {
	return atMs === null ? null : new Date(atMs).toISOString();
}

/** A device as programs read it. */
export function publicDevice(row: FleetRow, nowMs: number): PublicDevice {
	const { customerNo, customerName } = row;
	return {
		device_id: row.deviceId,
		telematics_id: row.telematicsId,
		name: row.name,
		family: row.family,
		transport: row.transport,
		vin: row.vin,
		registration_number: row.registrationNo,
		model: row.model,
		customer:
			customerNo === null || customerName === null ? null : { id: customerNo, name: customerName },
		dealer: row.dealerName,
		product_status: row.productStatus,
		reporting_interval_seconds: row.reportingIntervalSeconds,
		status: row.status,
		is_live: isLiveAt(row, nowMs),
		last_heard_at: isoOf(row.lastHeardAtMs),
		firmware: row.firmware,
	};
}

/** A command as programs read it. */
export function publicCommand(deviceId: string, command: TracedCommand): PublicCommand {
	const { lateAnswer } = command;
	return {
		command_id: command.commandId,
		device_id: deviceId,
		command: command.name,
		label: command.label,
		value: command.value,
		state: command.state,
		requested_at: isoOf(command.requestedAtMs),
		requested_by: command.requestedBy,
		expires_at: isoOf(command.expiresAtMs),
		answer_by: isoOf(command.answerByMs),
		sent_at: isoOf(command.sentAtMs),
		arrived_at: isoOf(command.arrivedAtMs),
		accepted_at: isoOf(command.acceptedAtMs),
		ended_at: isoOf(command.endedAtMs),
		reason: command.reason,
		late_answer: lateAnswer && {
			status: lateAnswer.status,
			at: isoOf(lateAnswer.atMs),
			reason: lateAnswer.reason,
		},
	};
}

/** The settings of a family with what a device has of them, as programs read them. */
export function publicSettings(
	family: DeviceFamily,
	held: HeldSettings,
): { [Name in SettingName]?: PublicSetting } {
	return Object.fromEntries(
		familySettings[family].map((name) => [name, publicSetting(name, held[name])]),
	);
}

function publicSetting(name: SettingName, held: HeldSetting | undefined): PublicSetting {
	const setting = settingOf(name);
	const { unit, min, max, step } =
		setting.type === 'number' ? setting : { unit: null, min: null, max: null, step: null };
	return {
		label: setting.label,
		value: held?.value ?? null,
		unit,
		min,
		max,
		step,
		source: held?.source ?? null,
		at: isoOf(held?.atMs ?? null),
	};
}
