// Makes samples/orders.csv: 500 orders of a shop that grows and sells more before Christmas. By a fixed rule: every run prints the same bytes.
//   node samples/make-orders.mjs > samples/orders.csv
let state = 20240101;
const random = () => { // mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const pick = (weighted) => {
  let left = random() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
  return weighted.find(([, weight]) => (left -= weight) < 0)?.[0] ?? weighted[0][0];
};

const countries = [['Germany', 30], ['France', 17], ['Netherlands', 12], ['Austria', 9], ['Spain', 8], ['Italy', 7], ['Poland', 6], ['Denmark', 4], ['Sweden', 3], ['Belgium', 2], ['Portugal', 1.5], ['Ireland', 1], ['Norway', 0.8]];
const products = [['Espresso beans, 1 kg', 24, 18.9], ['Filter paper, 100 pieces', 18, 4.5], ['Hand grinder', 9, 79], ['Gooseneck kettle', 7, 64.9], ['Dripper, ceramic', 11, 22.5], ['Scale with timer', 6, 49], ['Milk pitcher', 8, 17.25], ['Espresso machine, lever "Duo"', 2, 489]];
const prices = new Map(products.map(([product, , price]) => [product, price]));
const months = Array.from({ length: 18 }, (_, i) => [i, 10 + i * 1.2 + ([11].includes(i) ? 18 : i === 10 ? 9 : i % 12 === 6 ? -4 : 0)]);

const orders = Array.from({ length: 500 }, () => {
  const month = pick(months);
  const placed = new Date(Date.UTC(2024, month, 1 + Math.floor(random() * 28), 6 + Math.floor(random() * 16), Math.floor(random() * 60)));
  const product = pick(products);
  const price = prices.get(product);
  const quantity = price > 200 ? 1 : 1 + Math.floor(random() ** 3 * 8);
  const coupon = random() < 0.14 ? pick([['SPRING', 3], ['WELCOME10', 5], ['FRIENDS', 1]]) : '';
  const rating = random() < 0.62 ? pick([[5, 12], [4, 8], [3, 3], [2, 1], [1, 1.2]]) : '';
  const shipped = placed.getTime() < Date.UTC(2025, 5, 18) && random() > 0.03
    ? new Date(placed.getTime() + 864e5 * (1 + Math.floor(random() ** 2 * 6))).toISOString().slice(0, 10) : '';
  const amount = price * quantity * (coupon === '' ? 1 : 0.9) + (price * quantity < 50 ? 4.9 : 0);
  return { placed: placed.toISOString().slice(0, 16) + 'Z', country: pick(countries), product, quantity, amount: amount.toFixed(2), coupon, rating, shipped };
}).sort((a, b) => (a.placed < b.placed ? -1 : 1));

const cell = (value) => (/[",\n]/.test(`${value}`) ? `"${`${value}`.replaceAll('"', '""')}"` : `${value}`);
console.log(['order', ...Object.keys(orders[0])].join(','));
orders.forEach((order, i) => console.log([`A-${1001 + i}`, ...Object.values(order)].map(cell).join(',')));
