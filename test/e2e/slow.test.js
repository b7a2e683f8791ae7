const { useStage } = require('./support/scene');

/*
 * What takes a minute or so, because n8n or APIXO take their time, runs at the same time.
 */
const withScene = useStage();

require('./slow/deadline')(withScene);
require('./slow/flood')(withScene);
require('./slow/outage')(withScene);
