import { useEffect, useId, useState } from 'react';
import { useAddress } from '../page/address.ts';

const REST_MILLISECONDS = 250;

/** Searches once the typing rests, or at once on Enter. */
export function SearchBox() {
  const id = useId();
  const [{ search }, go] = useAddress();
  const [text, setText] = useState(search);

  // Back, and a link elsewhere on the page, change the search as well.
  const [before, setBefore] = useState(search);
  if (search !== before) {
    setBefore(search);
    setText(search);
  }
  useEffect(() => {
    if (text === search) return undefined;
    const timer = setTimeout(() => go({ search: text }, 'replace'), REST_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [text, search, go]);

  return (
    <search>
      <form
        className="search"
        onSubmit={(event) => {
          event.preventDefault();
          go({ search: text }, 'replace');
        }}
      >
        <label htmlFor={id}>Find people</label>
        <input
          id={id}
          type="search"
          value={text}
          placeholder="Name, account or department"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => setText(target.value)}
        />
      </form>
    </search>
  );
}
