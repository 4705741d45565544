import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { ApiError, ask } from './client.ts';
import type { Session } from './types.ts';

// A server from before sessions lets in whom it lets in, and refuses by itself what somebody may not do.
const unknown: Session = { role: 'operator', name: null, readOnly: false, mask: [], hub: '', version: '', instance: '' };

export async function askSession(): Promise<Session> {
    try {
        return { ...unknown, ...(await ask<Session>('session')) };
    } catch (error) {
        if (error instanceof ApiError && error.status === 404) return unknown;
        throw error;
    }
}

export const SessionContext = createContext<Session>(unknown);
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
