import type { ComponentChildren } from 'preact';
import { Link, usePlace } from '../lib/router.tsx';
import { rightsOf, useSession } from '../lib/session.ts';
import { Keys } from './keys.tsx';
import { Toasts } from './toasts.tsx';

const nav: readonly (readonly [string, string])[] = [
    ['', 'Overview'],
    ['workflows', 'Workflows'],
    ['dead-letters', 'Dead letters'],
    ['tasks', 'Tasks'],
    ['limits', 'Limits'],
    ['schedules', 'Schedules'],
];

export function Shell({ children }: { children: ComponentChildren }) {
    const session = useSession();
    const { path } = usePlace();
    const first = path.split('/')[0] ?? '';
    const links = rightsOf(session).start ? [...nav, ['start', 'Start'] as const] : nav;
    const skip = (event: Event): void => {
        event.preventDefault();
        document.querySelector<HTMLElement>('main h1')?.focus();
    };
    return (
        <div class="shell">
            <a class="skip" href="#main" onClick={skip}>
                Skip to the content
            </a>
            <header>
                <Link to="" class="brand">
                    Chard
                </Link>
                {session.hub !== '' && (
                    <span class="hub" title="Task hub">
                        {session.hub}
                    </span>
                )}
                <nav aria-label="Pages">
                    <ul>
                        {links.map(([to, text]) => (
                            <li key={to}>
                                <Link to={to} {...(first === to ? { 'aria-current': 'page' as const } : {})}>
                                    {text}
                                </Link>
                            </li>
                        ))}
                    </ul>
                </nav>
                <div class="who">
                    {session.readOnly && (
                        <span class="badge" data-test="read-only">
                            Read only: nobody acts here
                        </span>
                    )}
                    <span data-test="role">
                        {session.name ? `${session.name}, ` : ''}
                        {session.role}
                    </span>
                    {session.version !== '' && (
                        <span class="quiet">
                            {session.version}
                        </span>
                    )}
                    <Keys />
                </div>
            </header>
            <main id="main">{children}</main>
            <Toasts />
        </div>
    );
}
