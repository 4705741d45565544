import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { pageRoot } from './base.ts';
import { type Query, withQuery } from './client.ts';
import { Bell } from './signal.ts';

const moved = new Bell();
addEventListener('popstate', () => moved.tell());

export interface Place {
    path: string;
    query: URLSearchParams;
}

function here(): Place {
    const path = location.pathname.startsWith(pageRoot) ? location.pathname.slice(pageRoot.length) : '';
    return { path: path.replace(/\/+$/, ''), query: new URLSearchParams(location.search) };
}

export function usePlace(): Place {
    const [place, setPlace] = useState(here);
    useEffect(() => moved.hear(() => setPlace(here())), []);
    return place;
}

export function hrefOf(path: string): string {
    return pageRoot + path;
}

export function go(path: string, replace = false): void {
    history[replace ? 'replaceState' : 'pushState'](null, '', hrefOf(path));
    moved.tell();
}

// Changes of the query alone stay on the page: focus and scrolling are left where they are.
export function goQuery(change: Query, replace = true): void {
    const place = here();
    const query = { ...Object.fromEntries(place.query), ...change };
    go(withQuery(place.path, query), replace);
}

interface LinkProps {
    to: string;
    children: ComponentChildren;
    class?: string;
    'aria-label'?: string;
    'aria-current'?: 'page' | 'true';
    'data-row'?: '';
}

export function Link({ to, children, ...rest }: LinkProps) {
    const follow = (event: MouseEvent): void => {
        // Other buttons and keys mean a new tab or a download, which are the browser's.
        if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
            return;
        event.preventDefault();
        go(to);
    };
    return (
        <a href={hrefOf(to)} onClick={follow} {...rest}>
            {children}
        </a>
    );
}

export const paths = {
    workflow: (id: string, task?: string | null): string => withQuery(`workflows/${encodeURIComponent(id)}`, { task }),
    letter: (id: string): string => `dead-letters/${encodeURIComponent(id)}`,
    workflows: (query: Query = {}): string => withQuery('workflows', query),
    letters: (query: Query = {}): string => withQuery('dead-letters', { view: 'letters', ...query }),
};
