/** The environment of a server that asks an emulated Defender, on any free port and on the event loop that both keep busy. */
export function environmentBeside(defenderUrl: string) {
  return {
    DEFENDER_API_URL: defenderUrl,
    PORT: '0',
    // Else the server would take what the others do, or other programs of the machine, for too much to do of its own.
    SHED_EVENT_LOOP_DELAY_MS: '0',
  };
}
