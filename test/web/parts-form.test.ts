import { expect, test } from 'vitest';
import { takesKeys } from '../kit/browser/focus.ts';
import { useParts } from '../kit/browser/use-parts.ts';
import { INPUTS } from './parts-states.ts';

const open = useParts();

const props = { id: 'run', schema: INPUTS };
const reports = ['onSubmit', 'onChange'];

const submit = (page: { evaluate(code: string): Promise<unknown> }) =>
  page.evaluate('document.querySelector("form").requestSubmit()');

test('the defaults are there; what is missing is said and gets the focus', async () => {
  const { page, told } = await open('inputs-form', props, { reports });
  await expect.poll(() => page.getByLabel(/^replicas /).inputValue()).toBe('2');
  await submit(page);
  await page.getByText('service is required').waitFor();
  expect(await told('onSubmit')).toEqual([]);
  const service = page.getByLabel(/^service /);
  await expect.poll(() => service.evaluate(field => field === document.activeElement)).toBe(true);
  await service.fill('x');
  await page.getByText('must have at least 2 characters; it has 1').waitFor();
  await service.fill('shop');
  await submit(page);
  await expect
    .poll(() => told('onSubmit'))
    .toEqual([{ service: 'shop', replicas: 2, canary: false, regions: ['eu-west-1'], notice: 'two\nlines' }]);
});

test('every kind of field gives its kind of value', async () => {
  const { page, told } = await open('inputs-form', props, { reports });
  await page.getByLabel(/^service /).fill('shop');
  await page.getByLabel(/^replicas /).fill('7');
  await page.getByLabel(/^canary /).selectOption('true');
  await page
    .getByLabel(/^region /)
    .first()
    .selectOption('us-east-1');
  await page.getByLabel(/^labels /).fill('{"a": 1}');
  await page.getByLabel(/^regions /).fill('[]');
  await page.getByLabel(/^note /).fill('[null]');
  await page.getByLabel(/^notice /).fill('');
  await page.getByLabel(/^key /).fill('hunter2');
  await page.getByLabel(/^name /).fill('Ann');
  await submit(page);
  await expect
    .poll(() => told('onSubmit'))
    .toEqual([
      {
        service: 'shop',
        replicas: 7,
        canary: true,
        region: 'us-east-1',
        labels: { a: 1 },
        regions: [],
        note: [null],
        notice: '',
        key: 'hunter2',
        owner: { name: 'Ann' },
      },
    ]);
});

test('not set is something else than empty', async () => {
  const { page, told } = await open('inputs-form', props, { reports });
  await page.getByLabel(/^service /).fill('shop');
  await page.getByRole('button', { name: 'Do not set replicas' }).click();
  await page.getByRole('button', { name: 'Do not set notice' }).click();
  await page.getByLabel(/^canary /).selectOption('Not set');
  await page.getByRole('button', { name: 'Do not set regions' }).click();
  await submit(page);
  await expect.poll(() => told('onSubmit')).toEqual([{ service: 'shop' }]);
});

test('what is no number and no JSON is not sent', async () => {
  const { page, told } = await open('inputs-form', props, { reports });
  await page.getByLabel(/^service /).fill('shop');
  await page.getByLabel(/^replicas /).fill('two');
  await page.getByText('replicas must be a whole number').waitFor();
  await page.getByLabel(/^labels /).fill('{a}');
  await page.getByText('is not JSON').waitFor();
  await submit(page);
  await expect.poll(() => page.getByLabel(/^replicas /).evaluate(field => field === document.activeElement)).toBe(true);
  expect(await told('onSubmit')).toEqual([]);
  await page.getByLabel(/^replicas /).fill('30');
  await page.getByLabel(/^labels /).fill('');
  await submit(page);
  await page.getByText('must be 20 or less').waitFor();
  expect(await told('onSubmit')).toEqual([]);
});

test("the server's messages stand at their fields, and the first gets the focus", async () => {
  const { page, show } = await open('inputs-form', props, { reports });
  await show({
    ...props,
    serverProblems: [
      { name: 'region', message: '`region` must be "eu-west-1"' },
      { name: 'gone', message: '`gone` is not an input of this pipeline' },
    ],
  });
  const others = page.getByRole('alert').filter({ hasText: '`gone` is not an input' });
  await others.waitFor();
  await page.getByText('must be "eu-west-1"').waitFor();
  const region = page.getByLabel(/^region /).first();
  expect(await region.getAttribute('aria-invalid')).toBe('true');
  await takesKeys(others);
});

test('a secret is masked, on several lines too, until it is asked for', async () => {
  const { page, told } = await open('inputs-form', props, { reports });
  const key = page.getByLabel(/^key /);
  expect(await key.getAttribute('type')).toBe('password');
  await page.evaluate(() => navigator.clipboard.writeText('BEGIN\nsecret\nEND'));
  await key.focus();
  await page.keyboard.press('Control+V');
  await expect.poll(async () => (await told('onChange')).at(-1)).toMatchObject({ key: 'BEGIN\nsecret\nEND' });
  const masked = () => key.evaluate(field => getComputedStyle(field).getPropertyValue('-webkit-text-security'));
  await expect.poll(masked).toBe('disc');
  await page.getByRole('button', { name: 'Show the secret' }).click();
  await expect.poll(masked).toBe('none');
});

test('hostile descriptions are text', async () => {
  const { page } = await open('inputs-form', props);
  await page.getByText('⟦U+202E⟧').waitFor();
  expect(await page.locator('main img').count()).toBe(0);
});
