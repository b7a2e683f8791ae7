import * as echarts from 'echarts';
import { summaryOf } from '../measure/statistics.mts';

const SIZE = { width: 760, height: 360 };
const COLORS = ['#9aa5b1', '#6d5ae6', '#e8863b', '#2f9e77'];
const BAR_GAPS = { barCategoryGap: '30%', barGap: '10%' };

interface Series {
	name: string;
	/** for each category, all that was measured */
	values: number[][];
}

/** Bars in groups, with the spread of what was measured as whiskers. */
export interface Chart {
	/** without folder and extension */
	file: string;
	title: string;
	/** unit of the values */
	yName: string;
	isLogarithmic?: boolean;
	categories: string[];
	series: Series[];
}

/**
 * A whisker from the lowest to the highest value, in the middle of its bar.
 *
 * @param index of the series, among `count`
 */
function whiskers({ name, values }: Series, index: number, count: number): echarts.SeriesOption {
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
			const layout = api.barLayout({ count, ...BAR_GAPS });
			const middle = x + (layout?.[index].offsetCenter ?? 0);
			const line = (x1: number, y1: number, x2: number, y2: number) => ({
				type: 'line' as const,
				shape: { x1, y1, x2, y2 },
				style: { stroke: '#333', lineWidth: 1.2 },
			});
			return {
				type: 'group',
				children: [
					line(middle, bottom, middle, top),
					line(middle - 4, top, middle + 4, top),
					line(middle - 4, bottom, middle + 4, bottom),
				],
			};
		},
	};
}

const bars = ({ name, values }: Series): echarts.SeriesOption => ({
	type: 'bar',
	name,
	...BAR_GAPS,
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
	const option: echarts.EChartsOption = {
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
	};
	chart.setOption(option);
	const svg = chart.renderToSVGString();
	chart.dispose();
	return `${svg}\n`;
}
