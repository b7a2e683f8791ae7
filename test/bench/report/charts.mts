import * as echarts from 'echarts';
import { summaryOf } from '../measure/statistics.mts';

const SIZE = { width: 760, height: 360 };
const COLORS = ['#9aa5b1', '#6d5ae6', '#e8863b', '#2f9e77'];

/** Bars in groups, with the spread of what was measured as whiskers. */
export interface Chart {
	/** without folder and extension */
	file: string;
	title: string;
	/** unit of the values */
	yName: string;
	isLogarithmic?: boolean;
	categories: string[];
	/** for each category, all that was measured */
	series: { name: string; values: number[][] }[];
}

/** A whisker from the lowest to the highest value, in the middle of its bar. */
function whiskers({ name, values }, index, count) {
	return {
		type: 'custom',
		name,
		itemStyle: { color: '#333' },
		z: 10,
		data: values.map((measured, category) => {
			const { min, max } = summaryOf(measured);
			return [category, min, max];
		}),
		renderItem(_parameters, api) {
			const [x, top] = api.coord([api.value(0), api.value(2)]);
			const [, bottom] = api.coord([api.value(0), api.value(1)]);
			const layout = api.barLayout({ count, barCategoryGap: '30%', barGap: '10%' })[index];
			const middle = x + layout.offsetCenter;
			const line = (shape) => ({ type: 'line', shape, style: { stroke: '#333', lineWidth: 1.2 } });
			return {
				type: 'group',
				children: [
					line({ x1: middle, y1: bottom, x2: middle, y2: top }),
					line({ x1: middle - 4, y1: top, x2: middle + 4, y2: top }),
					line({ x1: middle - 4, y1: bottom, x2: middle + 4, y2: bottom }),
				],
			};
		},
	};
}

const bars = ({ name, values }) => ({
	type: 'bar',
	name,
	barCategoryGap: '30%',
	barGap: '10%',
	data: values.map((measured) => Number(summaryOf(measured).median.toPrecision(3))),
	label: {
		show: true,
		position: 'inside',
		color: '#fff',
		textBorderColor: '#333',
		textBorderWidth: 2,
	},
});

/** @returns an SVG file */
export function svgOf({ title, yName, isLogarithmic, categories, series }: Chart): string {
	const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
	chart.setOption({
		animation: false,
		backgroundColor: '#fff',
		color: COLORS,
		textStyle: { fontFamily: 'sans-serif' },
		title: { text: title, left: 'center', top: 8, textStyle: { fontSize: 15 } },
		legend: { bottom: 6, itemGap: 36, data: series.map(({ name }) => name) },
		grid: { left: 64, right: 24, top: 56, bottom: 64 },
		xAxis: { type: 'category', data: categories },
		yAxis: { type: isLogarithmic ? 'log' : 'value', name: yName },
		series: [
			...series.map(bars),
			...series.map((one, index) => whiskers(one, index, series.length)),
		],
	});
	const svg = chart.renderToSVGString();
	chart.dispose();
	return `${svg}\n`;
}
