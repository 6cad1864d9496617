// Copying to the clipboard, also on pages without TLS, where browsers offer no
// other way than a field that is selected.

/** copy says on the button for a moment whether it was done. */
export async function copy(text: string, button: HTMLButtonElement): Promise<boolean> {
  const done = await write(text);
  const label = button.textContent;
  if (button.dataset['busy'] !== 'yes') {
    button.dataset['busy'] = 'yes';
    button.textContent = done ? 'Copied' : 'Not copied';
    setTimeout(() => {
      button.textContent = label;
      delete button.dataset['busy'];
    }, 1_600);
  }
  return done;
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.style.position = 'fixed';
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  }
}
