import { checkVersion } from './support/check-version.mts';

checkVersion('2.41.1');
