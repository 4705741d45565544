// The server puts the page's root into <base>; the API is one level above.
const root = new URL('.', document.baseURI);

export const pageRoot = root.pathname;
export const apiRoot = new URL('..', root).pathname;
