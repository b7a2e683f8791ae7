import type { AgentKind } from '../support/engine/index.mts';

export const AGENT_KINDS: AgentKind[] = ['agent', 'engineAgent'];
