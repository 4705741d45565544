import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../lib/client.ts';
import { keepKey, locked, readKey } from '../lib/key.ts';
import { askSession, EpochContext, SessionContext } from '../lib/session.ts';
import type { Session } from '../lib/types.ts';
import { Loading, Problem } from './basics.tsx';
import { Dialog } from './dialog.tsx';

// Lets the page in once the server says who looks at it; any later 401 asks over the page, so that nothing typed into it is lost.
export function Gate({ children }: { children: ComponentChildren }) {
    const [session, setSession] = useState<Session | null>(null);
    const [wanted, setWanted] = useState(false);
    const [refused, setRefused] = useState('');
    const [error, setError] = useState<Error | null>(null);
    const [epoch, setEpoch] = useState(0);

    useEffect(() => locked.hear(() => setWanted(true)), []);
    const enter = async (): Promise<void> => {
        const key = readKey();
        setError(null);
        try {
            setSession(await askSession());
            setWanted(false);
            setRefused('');
            setEpoch(old => old + 1);
        } catch (failure) {
            if (failure instanceof ApiError && failure.status === 401) {
                if (key !== null) setRefused('The server does not take this key.');
                keepKey(null);
                setWanted(true);
            } else {
                setError(failure as Error);
            }
        }
    };
    useEffect(() => void enter(), []);

    const form = (
        <KeyForm
            refused={refused}
            submit={key => {
                keepKey(key);
                void enter();
            }}
        />
    );
    if (session === null) {
        return (
            <main class="gate">
                <h1>Chard</h1>
                {wanted ? form : error === null && <Loading what="the session" />}
                <Problem error={error} retry={() => void enter()} />
            </main>
        );
    }
    return (
        <SessionContext.Provider value={session}>
            <EpochContext.Provider value={epoch}>
                {children}
                {wanted && (
                    <Dialog title="A key is wanted" close={() => setWanted(false)}>
                        {form}
                        <Problem error={error} />
                    </Dialog>
                )}
            </EpochContext.Provider>
        </SessionContext.Provider>
    );
}

function KeyForm({ refused, submit }: { refused: string; submit: (key: string) => void }) {
    const [key, setKey] = useState('');
    const signIn = `/.auth/login/aad?post_login_redirect_uri=${encodeURIComponent(location.pathname + location.search)}`;
    return (
        <form
            onSubmit={event => {
                event.preventDefault();
                if (key.trim() !== '') submit(key.trim());
            }}>
            <p>The server wants to know who you are. A function key of the app is kept in this tab until it is closed.</p>
            <label>
                Function key
                <input
                    type="password"
                    autocomplete="off"
                    required
                    value={key}
                    onInput={event => setKey(event.currentTarget.value)}
                    aria-describedby="key-refused"
                />
            </label>
            <p id="key-refused" role="alert" class="refusal">
                {refused}
            </p>
            <div class="buttons">
                <a href={signIn}>Sign in</a>
                <button type="submit" class="primary">
                    Use this key
                </button>
            </div>
        </form>
    );
}
