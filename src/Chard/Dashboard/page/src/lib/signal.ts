// A bell for the few things that reach across the whole page.
export class Bell {
    readonly #listeners = new Set<() => void>();

    hear(listener: () => void): () => void {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    tell(): void {
        for (const listener of [...this.#listeners]) listener();
    }
}
