export { clamdScan, noScanner, type ScannerAddress } from './clamd';
