import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { ask } from './client.ts';
import type { Session } from './types.ts';

// Nobody is shown a page before the server has said who looks at it.
const nobody: Session = { role: 'reader', name: null, readOnly: true, mask: [], hub: '', version: '' };

export function askSession(): Promise<Session> {
    return ask<Session>('session');
}

export const SessionContext = createContext<Session>(nobody);
// Counts up with each key that is given: whatever was refused is then asked for again.
export const EpochContext = createContext(0);

export function useSession(): Session {
    return useContext(SessionContext);
}

export function useEpoch(): number {
    return useContext(EpochContext);
}

export interface Rights {
    start: boolean;
    operate: boolean;
}

export function rightsOf(session: Session): Rights {
    const role = session.role.toLowerCase();
    return {
        start: !session.readOnly && (role === 'starter' || role === 'operator'),
        operate: !session.readOnly && role === 'operator',
    };
}

export function useRights(): Rights {
    return rightsOf(useSession());
}
