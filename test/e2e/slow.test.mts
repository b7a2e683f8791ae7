import { testDeadlines } from './slow/deadline.mts';
import { testFlood } from './slow/flood.mts';
import { testOutage } from './slow/outage.mts';
import { useStage } from '../support/n8n/scene.mts';

/*
 * What takes a minute or so, because n8n or APIXO take their time, runs at the same time.
 */
const withScene = useStage();

testDeadlines(withScene);
testFlood(withScene);
testOutage(withScene);
