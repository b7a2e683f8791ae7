export { startEmulator } from './emulator.mts';
export { connectEmulator } from './client.mts';
export { DEFAULT_KEY } from './settings.mts';

export type { Charge } from './accounts.mts';
export type { CallbackAttempt } from './callbacks.mts';
export type { RemoteEmulator } from './client.mts';
export type { Emulator } from './controls.mts';
export type { RequestEntry } from './journal.mts';
export type { Effects, Match, Rule, RuleKind } from './misbehaviour.mts';
export type { Mode, SubmitBody, SubmitInput } from './model.mts';
export type { RequestKind } from './routes.mts';
export type { Changes, EmulatorOptions, GenerationTime } from './settings.mts';
export type { NewTask, Outcome, TaskView } from './tasks.mts';
