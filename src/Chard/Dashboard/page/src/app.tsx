import { usePlace } from './lib/router.tsx';
import { Page } from './ui/basics.tsx';
import { Gate } from './ui/gate.tsx';
import { MaskScope } from './ui/json.tsx';
import { Shell } from './ui/shell.tsx';
import { Letter } from './pages/letters/letter.tsx';
import { DeadLetters } from './pages/letters/page.tsx';
import { Limits } from './pages/limits.tsx';
import { Overview } from './pages/overview/page.tsx';
import { Schedules } from './pages/schedules.tsx';
import { Start } from './pages/start/page.tsx';
import { Tasks } from './pages/tasks.tsx';
import { WorkflowPage } from './pages/workflow/page.tsx';
import { Workflows } from './pages/workflows/list.tsx';

export function App() {
    return (
        <Gate>
            <Shell>
                <Routes />
            </Shell>
        </Gate>
    );
}

function Routes() {
    const { path } = usePlace();
    // Each place is a page of its own: nothing of the one before stays, masked values included.
    return <MaskScope key={path}>{route(path)}</MaskScope>;
}

function route(path: string) {
    const [first = '', second, ...rest] = path.split('/').map(decode);
    if (rest.length > 0) return <NotFound path={path} />;
    switch (first) {
        case '':
            return <Overview />;
        case 'workflows':
            return second ? <WorkflowPage id={second} /> : <Workflows />;
        case 'dead-letters':
            return second ? <Letter id={second} /> : <DeadLetters />;
        case 'tasks':
            return second ? <NotFound path={path} /> : <Tasks />;
        case 'limits':
            return second ? <NotFound path={path} /> : <Limits />;
        case 'schedules':
            return second ? <NotFound path={path} /> : <Schedules />;
        case 'start':
            return second ? <NotFound path={path} /> : <Start />;
        default:
            return <NotFound path={path} />;
    }
}

function decode(part: string): string {
    try {
        return decodeURIComponent(part);
    } catch {
        return part;
    }
}

function NotFound({ path }: { path: string }) {
    return (
        <Page title="No such page">
            <p>
                There is no page <code>{path}</code>. The pages are listed at the top.
            </p>
        </Page>
    );
}
