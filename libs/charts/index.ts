export { barChart, lineChart, shareBar } from './charts';
export type { Plot, Series } from './frame';
export type { Caption, Markup } from './markup';
