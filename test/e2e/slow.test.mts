import { testDeadlines } from './slow/deadline.mts';
import { testFlood } from './slow/flood.mts';
import { testHeldUpSubmissions } from './slow/held-up.mts';
import { testLateCallbacks } from './slow/late.mts';
import { testOutage } from './slow/outage.mts';
import { useStage } from '../support/n8n/scene.mts';

/*
 * What takes a minute or so, because n8n or APIXO take their time, runs at the same time; the longest
 * first.
 */
const withScene = useStage();

testOutage(withScene);
testLateCallbacks(withScene);
testDeadlines(withScene);
testHeldUpSubmissions(withScene);
testFlood(withScene);
