// The gate of size: what a browser loads, compressed, is no more than this.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const most = 80_000;
const out = process.env['CHARD_DASHBOARD_OUT'] || 'dist';
const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter(each => each.isFile() && !each.name.startsWith('.'));
const bytes = files.reduce((sum, each) => sum + gzipSync(readFileSync(join(each.parentPath, each.name))).length, 0);
if (bytes > most) {
    console.error(`error : the dashboard is ${bytes} bytes, compressed; it may be ${most}.`);
    process.exit(1);
}
