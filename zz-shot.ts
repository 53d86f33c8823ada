import { chromium } from 'playwright-core';
const [base, email, password, out, ...steps] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu'] });
for (const [w,h,scheme] of [[1440,900,'light'],[1440,900,'dark'],[390,844,'light'],[390,844,'dark']] as const) {
  if (process.env.ONLY && !process.env.ONLY.includes(`${w}${scheme}`)) continue;
  const ctx = await browser.newContext({ viewport: { width: w, height: h }, colorScheme: scheme });
  const page = await ctx.newPage();
  page.on('pageerror', (e) => console.log('pageerror', e.message));
  page.on('console', (m) => { if (m.type()==='error') console.log('console', m.text()); });
  await page.goto(base!);
  await page.getByLabel(/e-mail/i).fill(email!);
  await page.getByLabel(/^password/i).first().fill(password!);
  await page.getByRole('button', { name: /sign in/i }).click();
  await page.waitForTimeout(2500);
  let n = 0;
  for (const step of steps) {
    if (step.startsWith('/')) { await page.goto(base + step); await page.waitForTimeout(2500); }
    else if (step.startsWith('click:')) { await page.locator(step.slice(6)).first().click(); await page.waitForTimeout(1200); }
    else if (step.startsWith('press:')) { await page.keyboard.press(step.slice(6)); await page.waitForTimeout(800); }
    else if (step.startsWith('type:')) { await page.keyboard.type(step.slice(5)); await page.waitForTimeout(1200); }
    else if (step.startsWith('shot')) { await page.screenshot({ path: `${out}-${w}-${scheme}-${n++}.png` }); }
    else if (step.startsWith('full')) { await page.screenshot({ path: `${out}-${w}-${scheme}-${n++}.png`, fullPage: true }); }
  }
  await ctx.close();
}
await browser.close();
