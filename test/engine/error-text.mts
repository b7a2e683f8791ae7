import type { ExecutionError } from 'n8n-workflow';

/** All that n8n shows of an error. */
export const errorText = ({ message, description }: ExecutionError) => `${message}\n${description}`;
