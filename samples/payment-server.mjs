// A payment provider to try ChargeOrder with: node samples/payment-server.mjs [port]
// Charges once per Idempotency-Key. The card tok_declined is declined; tok_busy is answered 429 the first time.
import { createServer } from 'node:http';

const charges = new Map();
const told = new Set();

createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const answer = (status, body, headers = {}) => {
    console.log(request.method, request.url, request.headers['idempotency-key'] ?? '', status);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body && JSON.stringify(body));
  };

  if (url.pathname !== '/charges') return answer(404);
  if (request.method === 'GET') {
    const charge = charges.get(url.searchParams.get('idempotencyKey'));
    return charge ? answer(200, charge) : answer(404);
  }

  let text = '';
  request.on('data', part => { text += part; });
  request.on('end', () => {
    const key = request.headers['idempotency-key'];
    const { amount, currency, card } = JSON.parse(text);
    if (charges.has(key)) return answer(200, charges.get(key));
    if (card === 'tok_declined') return answer(402, { code: 'insufficient_funds' });
    if (card === 'tok_busy' && !told.has(key)) {
      told.add(key);
      return answer(429, null, { 'retry-after': '3' });
    }

    charges.set(key, { id: `ch_${charges.size + 1}`, amount, currency });
    answer(201, charges.get(key));
  });
}).listen(Number(process.argv[2] ?? 9090), 'localhost', function () {
  console.log(`Payments on http://localhost:${this.address().port}`);
});
