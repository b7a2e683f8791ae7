import { startEmulator } from './emulator.mts';
import { connectEmulator } from './client.mts';
import { DEFAULT_KEY } from './settings.mts';

export { startEmulator, connectEmulator, DEFAULT_KEY };
