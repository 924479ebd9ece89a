// Looks at a page in a frame from inside, and tells the page around it what it saw.
const problems = [];
addEventListener('error', event => problems.push('script: ' + event.message));

const named = element => element.getAttribute('aria-label') || element.querySelector('title')?.textContent || '';
const text = element => element.outerHTML.slice(0, 120);

function pictures() {
  const all = [...document.querySelectorAll('svg, img, canvas, [role=img]')];
  return all.filter(picture => !picture.closest('[aria-hidden=true]')).map(picture => {
    const { width, height } = picture.getBoundingClientRect();
    if (!named(picture)) problems.push('no name: ' + text(picture));
    if (width < 2 || height < 2) problems.push('not visible: ' + text(picture));
    return named(picture);
  });
}

function keyboard() {
  document.querySelectorAll('details').forEach(details => details.open = true);
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    if (!document.querySelector(link.getAttribute('href'))) problems.push('leads nowhere: ' + text(link));
  }
  const stops = [...document.querySelectorAll('a[href], summary, [tabindex="0"]')];
  for (const stop of stops) {
    stop.focus();
    if (document.activeElement !== stop) problems.push('takes no focus: ' + text(stop));
  }
  for (const element of document.querySelectorAll('body *')) {
    const scrolls = ['auto', 'scroll'].includes(getComputedStyle(element).overflowX);
    const wide = element.scrollWidth > element.clientWidth + 1;
    const reached = element.tabIndex >= 0 || element.querySelector('a[href]');
    if (scrolls && wide && !reached) problems.push('scrolls for pointers alone: ' + text(element));
  }
  return stops.length;
}

function luminance(color) {
  const parts = color.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/);
  if (!parts || parts[4] === '0') return null;
  const [red, green, blue] = parts.slice(1, 4).map(part => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// Of text on the nearest ground that is no mixture, after WCAG 2.2.
function contrasts() {
  for (const element of document.querySelectorAll('main *, header *')) {
    const words = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!words || element.closest('svg, .confusion')) continue;
    let ground = element;
    while (ground && luminance(getComputedStyle(ground).backgroundColor) === null) ground = ground.parentElement;
    const [ink, paper] = [luminance(getComputedStyle(element).color), luminance(getComputedStyle(ground || document.body).backgroundColor)];
    const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (contrast < 4.5) problems.push(`contrast ${contrast.toFixed(1)}: ` + text(element));
  }
}

addEventListener('load', () => {
  const names = pictures();
  const stops = keyboard();
  contrasts();
  if (document.querySelectorAll('h1').length !== 1) problems.push('not one main heading');
  if (performance.getEntriesByType('resource').length) problems.push('something was loaded');
  const beyond = document.documentElement.scrollWidth - innerWidth;
  if (beyond > 0) problems.push(`${beyond} pixels wider than the window`);
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  parent.postMessage(JSON.stringify({ problems, names, stops, dark, width: innerWidth }), '*');
});
