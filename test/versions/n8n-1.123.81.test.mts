import { checkVersion } from './support/check-version.mts';

checkVersion('1.123.81');
