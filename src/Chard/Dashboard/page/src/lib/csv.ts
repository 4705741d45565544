import type { Workflow } from './types.ts';

const columns: readonly (readonly [string, (workflow: Workflow) => string | number | null | undefined])[] = [
    ['id', w => w.id],
    ['workflow', w => w.workflow],
    ['status', w => w.status],
    ['owner', w => w.owner],
    ['stamps', w => w.stamps.join(' ')],
    ['createdAt', w => w.createdAt],
    ['startedAt', w => w.startedAt],
    ['completedAt', w => w.completedAt],
    ['total', w => w.progress?.total],
    ['succeeded', w => w.progress?.succeeded],
    ['failed', w => w.progress?.failed],
    ['errorCode', w => w.error?.code],
    ['errorMessage', w => w.error?.message],
    ['errorTask', w => w.error?.task],
];

export function toCsv(workflows: readonly Workflow[]): string {
    const lines = workflows.map(workflow => columns.map(([, read]) => cell(read(workflow))).join(','));
    return [columns.map(([name]) => name).join(','), ...lines, ''].join('\r\n');
}

// A text that a spreadsheet would take for a formula gets a quote before it: owners and messages come from anybody.
function cell(value: string | number | null | undefined): string {
    if (value === null || value === undefined) return '';
    if (typeof value === 'number') return String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function saveFile(name: string, type: string, text: string): void {
    const url = URL.createObjectURL(new Blob([text], { type }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
