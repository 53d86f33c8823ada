import { isLiveAt } from '#contract/status.ts';
import type { TracedCommand } from '#modules/commands/contract.ts';
import type { FleetRow } from '#modules/fleet/contract.ts';
import type { PublicCommand, PublicDevice } from '../contract.ts';

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
