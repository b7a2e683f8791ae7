import type { IDataObject } from 'n8n-workflow';
import { required } from '../../support/required.mts';
import type { N8nClient } from '../../../tools/n8n/driver/index.mts';

/** A row as n8n's page of the table shows it; empty cells are null. */
export type Row = Record<string, string | number | null>;

/** What its user does on n8n's page of a Data Table. */
export interface DataTable {
	add: (rows: IDataObject[]) => Promise<void>;
	/** in the order in which they were added */
	rows: () => Promise<Row[]>;
}

interface List<Entry> {
	data: Entry[];
}

/** @param name of a table that exists */
export async function openDataTable(client: N8nClient, name: string): Promise<DataTable> {
	const { id: projectId } = await client.get<{ id: string }>('/projects/personal');
	const tables = `/projects/${projectId}/data-tables`;
	const { data: all } = await client.get<List<{ id: string; name: string }>>(tables);
	const table = required(
		all.find((found) => found.name === name),
		`table ${name}`,
	);
	const path = `${tables}/${table.id}`;
	return {
		async add(rows) {
			await client.post(`${path}/insert`, { data: rows });
		},
		async rows() {
			const sorted = { sortBy: 'id:asc' };
			return (await client.get<List<Row>>(`${path}/rows`, sorted)).data;
		},
	};
}
